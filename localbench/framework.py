"""A `frappe` package from the wheel `monoframe`: names translated back, then the overlay applied.

Every change is checked: another wheel, a missing function or a text that occurs another number of times than
stated stops the run, so nothing is ever half applied."""

import ast
import hashlib
import importlib.util
import shutil
import sys
import zipfile
from pathlib import Path

REQUIREMENT = "monoframe==0.0.1"
WHEEL = "monoframe-0.0.1-py3-none-any.whl"
SHA256 = "192e1430290ba868e515186a1e21bbdc7190a66fffbfaf35d5296bfca83a70ca"
NAMES = (("monoframe", "frappe"), ("Monoframe", "Frappe"), ("MONOFRAME", "FRAPPE"))


def materialise(wheel: Path, overlay: Path, app: Path) -> None:
	"""Write `app`/frappe, the package, and `app`/LICENSE."""
	if hashlib.sha256(wheel.read_bytes()).hexdigest() != SHA256:
		sys.exit(f"{wheel} is not the pinned {REQUIREMENT}: its hash differs")
	shutil.rmtree(app, ignore_errors=True)
	unpack(wheel, app)
	package = app / "frappe"
	for patch in sorted((overlay / "replace").rglob("*.py")):
		replace_definitions(package / patch.relative_to(overlay / "replace"), patch)
	for path, old, new, times in load_edits(overlay / "edits.py"):
		edit(package / path, old, new, times)
	add_files(overlay / "add", package)


def unpack(wheel: Path, app: Path) -> None:
	with zipfile.ZipFile(wheel) as archive:
		for entry in archive.infolist():
			if entry.filename.endswith("licenses/LICENSE"):
				path = app / "LICENSE"
			elif entry.filename.startswith("monoframe/") and not entry.is_dir():
				path = app / translate(entry.filename)
			else:
				continue
			content = archive.read(entry)
			if path.name != "LICENSE" and b"\0" not in content:  # else a picture, a font, a database
				content = translate(content.decode()).encode()
			path.parent.mkdir(parents=True, exist_ok=True)
			path.write_bytes(content)


def translate(text: str) -> str:
	for old, new in NAMES:
		text = text.replace(old, new)
	return text


def load_edits(path: Path) -> list[tuple[str, str, str, int]]:
	spec = importlib.util.spec_from_file_location("edits", path)
	module = importlib.util.module_from_spec(spec)
	spec.loader.exec_module(module)
	return module.EDITS


def edit(path: Path, old: str, new: str, times: int) -> None:
	if not path.exists():
		sys.exit(f"overlay/edits.py: no file {path}")
	source = path.read_text()
	if source.count(old) != times:
		sys.exit(f"overlay/edits.py: {path}: {source.count(old)} times instead of {times}: {old!r}")
	path.write_text(source.replace(old, new))


def add_files(folder: Path, package: Path) -> None:
	"""Copy the overlay's own files. One that stands for a file of the wheel says so in its first lines."""
	for source in sorted(folder.rglob("*")):
		if not source.is_file() or "__pycache__" in source.parts:
			continue
		target = package / source.relative_to(folder)
		module = target.parent.with_suffix(".py")  # x.py, when the file is x/__init__.py
		there = [
			path for path in (target, module) if path.exists() and source.name in ("__init__.py", path.name)
		]
		if bool(there) != ("Instead of the wheel's" in source.read_text()[:400]):
			sys.exit(f"overlay/add: {target}: is there and should not be, or should be there and is not")
		for path in there:
			path.unlink()
		target.parent.mkdir(parents=True, exist_ok=True)
		shutil.copy(source, target)


# ---- definitions replaced by name


def replace_definitions(target: Path, patch: Path) -> None:
	"""Put each top-level function, class or assignment of `patch` in the place of its namesake in `target`.

	`# new` on the line above: there is no namesake, add it. `# methods` above a class: replace its methods one by one.
	"""
	source, patch_lines = target.read_text(), patch.read_text().splitlines()
	lines, places = source.splitlines(), definitions(ast.parse(source))
	changes, additions = [], []  # (first line, last line, new lines); new lines

	def place(name: str, is_new: bool) -> tuple[int, int] | None:
		if (name in places) == is_new:
			sys.exit(f"{patch}: {name} is {'there already' if is_new else 'missing'} in {target}")
		return places.get(name)

	for name, node in named(ast.parse(patch.read_text()).body):
		first, last = extent(node)
		mark = patch_lines[first - 2].strip() if first > 1 else ""
		if mark == "# methods":
			for method_name, method in named(node.body):
				first, last = extent(method)
				is_new = patch_lines[first - 2].strip() == "# new"
				at = place(f"{name}.{method_name}", is_new)
				end = places[name][1]
				body = patch_lines[first - 1 : last]
				changes.append((end + 1, end, ["", *body]) if is_new else (*at, body))
		elif at := place(name, mark == "# new"):
			changes.append((*at, patch_lines[first - 1 : last]))
		else:
			additions += ["", "", *patch_lines[first - 1 : last]]
	for first, last, body in sorted(changes, reverse=True):
		lines[first - 1 : last] = body
	target.write_text("\n".join(lines + additions) + "\n")


def definitions(tree: ast.Module) -> dict[str, tuple[int, int]]:
	"""name, or Class.method: first and last line"""
	found = {}
	for name, node in named(tree.body):
		found[name] = extent(node)
		if isinstance(node, ast.ClassDef):
			found |= {f"{name}.{method}": extent(child) for method, child in named(node.body)}
	return found


def named(body: list[ast.stmt]):
	for node in body:
		if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
			yield node.name, node
		elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
			yield node.targets[0].id, node
		elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
			yield node.target.id, node


def extent(node: ast.stmt) -> tuple[int, int]:
	return min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))]), node.end_lineno
