"""The accountant's desk in Fava (記帳): the month's work by forms, thin over `ledger.operations` and `importers`.

How it is built, for whoever adds to it:

- A *page* is one line in `web/registry.py` (its tab, its title, what it is for in one sentence, its function, its
  template), one function `make(desk, query)` in `pages/` that gives plain values (None: there is nothing of that name),
  and one template that extends `layout.html` and fills the block `page`.
- An *act* is one line in `web/registry.py` (the form's `do` and its function) and one function `plan(asked)` in `acts/`
  that gives a `ledger.operations.apply.Ready`, or raises a GrantError in words that say what to do next. It writes
  nothing itself: the same function plans the page that asks (confirm) and, after that, what is written (write).
- A form is a POST to `links.endpoint("confirm")` that begins with `p.hidden(gate, "act", back="tab:about")` of
  `parts.html`. It works without JavaScript. A field `closed` of value `reopen` re-opens closed months; without it
  they are put right by reversal. A file of the form is kept aside and reached by `asked.upload("field")`.
- After writing the browser is sent back to `back`, where the layout says what was written and offers 復原.
- `desk` is a `CaseDesk`: the case as Fava loaded it, what waits beside it, its history; made anew for every request.
- Words on a page are an accountant's: no `!`, no id of a check, no account, no file and line but under 詳細.
"""
