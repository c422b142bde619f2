"""The overlay is applied whole or not at all."""

import pytest

from localbench import framework


def test_another_wheel(tmp_path):
	(tmp_path / "w.whl").write_bytes(b"other")
	with pytest.raises(SystemExit, match="hash differs"):
		framework.materialise(tmp_path / "w.whl", tmp_path, tmp_path / "app")


def test_edit_whose_target_is_not_there(tmp_path):
	(tmp_path / "m.py").write_text("a = 1\na = 1\n")
	with pytest.raises(SystemExit, match="2 times instead of 1"):
		framework.edit(tmp_path / "m.py", "a = 1", "a = 2", 1)
	with pytest.raises(SystemExit, match="no file"):
		framework.edit(tmp_path / "gone.py", "a", "b", 1)


def test_replaced_by_name(tmp_path):
	target, patch = tmp_path / "m.py", tmp_path / "p.py"
	target.write_text("import os\n\n\n@deco\ndef f():\n\treturn 1\n\n\nclass A:\n\tdef g(self):\n\t\tpass\n")
	patch.write_text(
		"def f():\n\treturn 2\n\n\n# new\nX = 1\n\n\n# methods\nclass A:\n\tdef g(self):\n\t\treturn 3\n"
	)
	framework.replace_definitions(target, patch)
	namespace = {}
	exec(target.read_text(), namespace)
	assert (namespace["f"](), namespace["X"], namespace["A"]().g()) == (2, 1, 3)


@pytest.mark.parametrize("patch", ["def h():\n\tpass\n", "# new\ndef f():\n\tpass\n"])
def test_replaced_name_missing_or_new_name_there(tmp_path, patch):
	(tmp_path / "m.py").write_text("def f():\n\tpass\n")
	(tmp_path / "p.py").write_text(patch)
	with pytest.raises(SystemExit, match=r"is (missing|there already)"):
		framework.replace_definitions(tmp_path / "m.py", tmp_path / "p.py")


def test_added_file_that_is_there_already(tmp_path):
	for folder in ("add", "package"):
		(tmp_path / folder).mkdir()
		(tmp_path / folder / "m.py").write_text("x = 1\n")
	with pytest.raises(SystemExit, match="should not be"):
		framework.add_files(tmp_path / "add", tmp_path / "package")
	(tmp_path / "add/m.py").write_text('"""Instead of the wheel\'s: y."""\n')
	framework.add_files(tmp_path / "add", tmp_path / "package")
