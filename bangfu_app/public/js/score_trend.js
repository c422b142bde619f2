// On a Student File: where the student stands from exam to exam, and the papers of the last one.
frappe.ui.form.on("Student File", {
	async refresh(frm) {
		if (frm.is_new() || !frappe.model.can_read("Exam Score")) return;
		const student = frm.doc.name;
		const exams = await frappe.xcall("bangfu_app.scores.score_trend.get_trend", { student });
		if (exams.length && frm.doc.name === student) show_scores(frm, exams);
	},
});

function show_scores(frm, exams) {
	frm.score_section?.closest(".form-dashboard-section").remove();
	const last = exams[exams.length - 1];
	const body = $(frm.dashboard.add_section("<div></div>", __("Exams and Scores")));
	frm.score_section = body;
	if (exams.length > 1) draw_trend($("<div>").appendTo(body)[0], exams);
	body.append(papers_of(last));
	frm.dashboard.show();
}

function draw_trend(element, exams) {
	const subjects = [...new Set(exams.flatMap((exam) => exam.results.map((result) => result.subject)))];
	const of_subject = (exam, subject) => exam.results.find((result) => result.subject === subject)?.ahead ?? null;
	new frappe.Chart(element, {
		title: __("Share of the grade with a lower mark (%)"),
		type: "line",
		height: 220,
		data: {
			labels: exams.map((exam) => frappe.datetime.str_to_user(exam.exam_date)),
			datasets: subjects.map((subject) => ({
				name: subject || __("Total Score"),
				values: exams.map((exam) => of_subject(exam, subject)),
			})),
		},
		axisOptions: { xIsSeries: 1 },
		lineOptions: { spline: 0 },
	});
}

function papers_of(exam) {
	const escape = frappe.utils.escape_html;
	const cell = (value) => `<td class="text-right">${value}</td>`;
	const rows = exam.results.map(
		(result) => `<tr>
			<td>${escape(result.subject) || `<b>${__("Total Score")}</b>`}</td>
			${cell(`${result.failed ? `<span class="text-danger">${result.score}</span>` : result.score} / ${result.full_marks}`)}
			${cell(`${result.rank} / ${result.of}`)}
			${cell(`${result.gap > 0 ? "+" : ""}${result.gap}`)}
		</tr>`
	);
	const heads = [__("Score"), __("Rank"), __("Gap to the Mean")].map((head) => `<th class="text-right">${head}</th>`);
	return `<p class="text-muted">${escape(exam.exam)} · ${__("Failed: {0} of {1}", [exam.failed, exam.sat])}
			· ${__("Compared with: {0}", [escape(exam.population)])}</p>
		<table class="table table-condensed" style="max-width: 36rem">
			<thead><tr><th>${__("Subject", null, "School Subject")}</th>${heads.join("")}</tr></thead>
			<tbody>${rows.join("")}</tbody>
		</table>`;
}
