"""What is done to a voucher: corrected, split over items, given a paper, removed, restored."""

from __future__ import annotations

from desk.acts.fields import whole_amount
from desk.web.act_request import ActRequest
from importers.attach import attach
from ledger.case.case import Voucher
from ledger.files.history import History
from ledger.operations.apply import Ready
from ledger.operations.apply import ready
from ledger.operations.correct import plan_correct
from ledger.operations.correct import plan_split
from ledger.operations.edit import Context
from ledger.operations.edit import OperationError
from ledger.operations.edit import Planned
from ledger.operations.edit import readable_case
from ledger.operations.edit import voucher_named
from ledger.operations.remove import plan_remove
from ledger.operations.remove import ready_removal
from ledger.operations.undo import plan_undo
from ledger.util.i18n import _

NO_PAPER = "document-missing"  # the check that says of a voucher that its paper is not there
SPLIT_ROWS = 6
_PICTURES = frozenset({".pdf", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".heic", ".tif", ".tiff", ".xml"})


def plan_correct_act(asked: ActRequest) -> Ready:
    """The fields of a voucher's form that are others than they were (`was:FIELD`). Raises OperationError."""
    form = asked.form
    changed = {
        field: form.text(field)
        for field in form.named("was:")
        if form.text(field) != form.text(f"was:{field}")
    }
    if not changed:
        raise OperationError(_("沒有更改任何欄位;請改過欄位再送出"))
    return ready(plan_correct(asked.context, form.text("voucher"), changed, form.text("reason")), by=asked.by)


def plan_split_act(asked: ActRequest) -> Ready:
    """The rows of a voucher's form that have an item and an amount. Raises OperationError."""
    form, parts = asked.form, []
    for row in range(1, SPLIT_ROWS + 1):
        item, amount = form.text(f"item-{row}"), form.text(f"amount-{row}")
        if bool(item) != bool(amount):
            raise OperationError(_("第 {row} 列要同時填項目與金額").format(row=row))
        if item:
            parts.append((item, whole_amount(amount)))
    return ready(plan_split(asked.context, form.text("voucher"), parts, form.text("reason")), by=asked.by)


def plan_attach_act(asked: ActRequest) -> Ready:
    """The file of the field `paper` put to a voucher, instead of the paper `instead_of` where one is named.

    Raises OperationError and UploadError.
    """
    upload = asked.upload("paper")
    if upload is None:
        raise OperationError(_("請選擇檔案"))
    if upload.path.suffix.lower() not in _PICTURES:
        raise OperationError(_("{name} 不是可以當附件的檔案;請用 PDF 或照片").format(name=upload.name))
    voucher = voucher_named(readable_case(asked.context), asked.form.text("voucher"))
    planned = attach(
        asked.writer,
        asked.context,
        upload.path,
        voucher,
        reason=asked.form.text("reason"),
        instead_of=asked.form.text("instead_of"),
    )
    return ready(_with_its_doubt_gone(asked.context, voucher, planned), by=asked.by)


def _with_its_doubt_gone(context: Context, voucher: Voucher, planned: Planned) -> Planned:
    """The plan with what a first paper settles: it is filed with the writing, so nothing finds it beforehand."""
    if voucher.documents or context.judge is None:
        return planned
    gone = [found for found in context.judge(context.case) if found[:2] == (NO_PAPER, voucher.number)]
    return planned._replace(effect=planned.effect._replace(findings_gone=gone))


def plan_remove_act(asked: ActRequest) -> Ready:
    """A voucher taken out. Raises OperationError."""
    form = asked.form
    return ready_removal(plan_remove(asked.context, form.text("voucher"), form.text("reason")), by=asked.by)


def plan_restore_act(asked: ActRequest) -> Ready:
    """What the removal of the field `operation` took out, put back. Raises HistoryError and OperationError."""
    history = History(asked.folder)
    try:
        operation = history.operation(asked.form.text("operation"))
        undone = plan_undo(asked.context, history, operation, kind="restore")
    finally:
        history.close()
    return ready(undone.planned, by=asked.by, undoes=operation.id, moves=undone.moves)
