"""Approvals that hold (domain §4): Frappe's Workflow, with what it leaves open.

A DocType joins by its controller: `class X(ApprovedDocument)` with `approval = Approval(...)`, and by a Workflow
on its Select field `status`.

declaration.py        what a controller declares
approved_document.py  the base class of such controllers
chain.py              the Workflow as a graph: steps, ends, rules that an office's edit has to keep
door.py               the one door: which action a change of state is, and whether it may pass
content.py            what was approved: its digest, and what has changed since
trail.py              who did what when, with which reason, on which content
votes.py              class review as a small meeting
waiting.py            who has to act: to-dos, the list, the daily digest
actions.py            what the desk calls
"""
