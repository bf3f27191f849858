"""What the findings say, word for word and figure for figure."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from checks.analysis import wording
from tests.checks.builder import MONTHS
from tests.checks.builder import Books
from tests.checks.pieces.account import AUGUST_OUT
from tests.checks.pieces.account import JULY_OUT
from tests.checks.pieces.account import final
from tests.checks.pieces.account import moved
from tests.checks.pieces.account import out
from tests.checks.pieces.account import signing
from tests.checks.pieces.award import IMPROVEMENT
from tests.checks.pieces.budget import bought
from tests.checks.pieces.budget import parked
from tests.checks.pieces.costing import PAYROLL
from tests.checks.pieces.costing import WITH_TAX
from tests.checks.pieces.interest import REMITTED
from tests.checks.pieces.interest import TAIL
from tests.checks.pieces.interest import interest
from tests.checks.pieces.payroll import PERSON
from tests.checks.pieces.payroll import pay
from tests.checks.pieces.voucher import INVOICE
from tests.checks.pieces.voucher import PAID
from tests.checks.pieces.voucher import VOID
from tests.checks.pieces.voucher import invoice

THIRD = """
2023-11-01 * "經濟部產業發展署" "撥款"
  Assets:1專戶:1政府補助款    5000 TWD
  Liabilities:3預收補助款    -5000 TWD
"""
HALF_VOID = VOID.replace("10000", "4000").replace("10500", "4500")
RAISED = '2023-08-01 custom "grant-budget" "equipment" 120000 TWD 168001 TWD\n'
LATER = '2023-08-01 custom "grant-budget" "research" 0 TWD 50000 TWD\n'

PLANTS: dict[tuple[str, str], Callable[[Books], Books]] = {
    ("beyond the budget", "budget-overrun"): lambda books: books.add(
        bought("R1", 120_000) + bought("R2", 500, day="2023-09-16")
    ),
    ("a name that is near", "item-not-in-budget"): lambda books: books.add(
        bought("R1", 5000, item="感測器模")
    ),
    ("a code", "item-not-in-budget"): lambda books: books.add(bought("R1", 5000, item="SMD-200A")),
    ("an item of another category", "item-not-in-budget"): lambda books: books.add(
        bought("R1", 5000, item="全電式射出成型機")
    ),
    ("a category nobody could tell", "item-not-in-budget"): lambda books: books.add(
        parked("感測器模", "!") + parked("高階辦公椅", "!").replace("R1", "R2")
    ),
    ("more than approved", "item-quantity-exceeded"): lambda books: books.add(
        bought("R1", 26_500, quantity="13.25")
    ),
    ("moved", "reallocation-unapproved"): lambda books: books.add(RAISED),
    ("added", "reallocation-unapproved"): lambda books: books.add(LATER),
    ("before the close", "withdrawal-before-close"): lambda books: books.plant(
        JULY_OUT, moved(JULY_OUT, "2023-06-28", 55_000)
    ).close(*MONTHS),
    ("more than earned", "withdrawal-exceeds-entitlement"): lambda books: books.plant(
        JULY_OUT, moved(JULY_OUT, "2023-06-28", 55_000)
    ).close(*MONTHS),
    ("not withdrawn", "withdrawal-outstanding"): lambda books: (
        books.plant(AUGUST_OUT, "").close("2023-06", "2023-07").on(2023, 9, 1)
    ),
    ("out for nobody knows what", "withdrawal-unexplained"): lambda books: books.add(
        out("2023-08-20", 3000, kind="unexplained")
    ),
    ("a fee", "bank-fee-charged-to-grant"): lambda books: books.add(out("2023-08-03", 30, kind="fee")),
    ("below nothing", "account-overdrawn"): lambda books: books.add(
        out("2023-09-06", 10) + out("2023-09-06", 5)
    ),
    ("one too many", "instalment-unexpected"): lambda books: books.add(THIRD),
    ("another first", "instalment-unexpected"): lambda books: signing(books, 200_000),
    ("another last", "instalment-unexpected"): lambda books: final(books, 90_000),
    ("beyond the grant", "instalment-unexpected"): lambda books: final(books, 210_001),
    ("tax claimed", "tax-in-cost"): lambda books: books.add(WITH_TAX),
    ("more than the tax", "cost-mismatch"): lambda books: books.add(
        WITH_TAX.replace("5500", "5501").replace("-10500", "-10501")
    ),
    ("another tax", "tax-arithmetic"): lambda books: books.add(WITH_TAX.replace("tax: 500", "tax: 510")),
    ("another share", "split-mismatch"): lambda books: books.add(WITH_TAX),
    ("net interest", "interest-booked-net"): lambda books: interest(books, 27_000, 3000, 27_000),
    ("too little withheld", "withholding-arithmetic"): lambda books: interest(books, 25_000, 1000, 26_000),
    ("too little remitted", "interest-unremitted"): lambda books: books.plant(
        REMITTED, REMITTED.replace("30 TWD", "20 TWD")
    ),
    ("too much came", "surplus-unremitted"): lambda books: books.plant(
        TAIL, TAIL.replace("100000", "110000")
    ),
    ("somebody else's invoice", "buyer-mismatch"): lambda books: books.add(invoice(buyer='"22099131"')),
    ("a private person's invoice", "buyer-mismatch"): lambda books: books.add(invoice(buyer='"00000000"')),
    ("a wrong number", "seller-id-invalid"): lambda books: books.add(invoice(seller='"34247622"')),
    ("bought of oneself", "self-dealing"): lambda books: books.add(invoice(seller='"11688527"')),
    ("a number too short", "invoice-number-invalid"): lambda books: books.add(invoice(number='"GH0000001"')),
    ("booked twice", "voucher-duplicate"): lambda books: books.add(
        INVOICE + INVOICE.replace("2023-08-20 *", "2023-08-22 *")
    ),
    ("half undone", "voucher-voided"): lambda books: books.add(INVOICE + HALF_VOID),
    ("paid", "voucher-voided"): lambda books: books.add(INVOICE + VOID + PAID),
    ("all undone", "voucher-voided"): lambda books: books.add(INVOICE + VOID),
    ("not paid", "voucher-unpaid"): lambda books: books.add(INVOICE),
    ("no paper", "document-missing"): lambda books: books.add(invoice(document="")),
    ("a grant beyond the cap", "subsidy-cap-exceeded"): lambda books: books.plant(
        IMPROVEMENT, IMPROVEMENT.replace("200000 TWD 200000", "1400000 TWD 1400000")
    ),
    ("a grant beyond the ratio", "subsidy-ratio-exceeded"): lambda books: books.plant(
        IMPROVEMENT, IMPROVEMENT.replace("200000 TWD 200000", "300000 TWD 39999")
    ),
    ("a grant at the ratio", "subsidy-ratio-at-limit"): lambda books: books.plant(
        "managed-factory-112", "small-manufacturer-112"
    ).plant("0 TWD 160000", "0 TWD 0"),
    ("granted though self only", "category-not-grantable"): lambda books: books.plant(
        "0 TWD 160000", "10000 TWD 150000"
    ),
    ("booked though self only", "category-not-grantable"): lambda books: books.plant(
        PAYROLL,
        PAYROLL.replace("22000 TWD\n  L", "12000 TWD\n  Expenses:1政府補助款:05人事費   10000 TWD\n  L"),
    ),
    ("a category of another scheme", "category-unknown"): lambda books: books.add(
        '2023-06-01 custom "grant-budget" "travel" 0 TWD 5 TWD'
    ),
    ("a category without budget", "category-unknown"): lambda books: books.add(
        bought("R1", 5000, item="管線").replace("01消耗性器材及原材料費", "08基礎工程施工費")
    ),
    ("a category beyond its cap", "category-cap-exceeded"): lambda books: books.plant(
        '"equipment" 120000 TWD 120000 TWD\n2', '"equipment" 120000 TWD 300000 TWD\n2'
    ),
    ("too long", "period-too-long"): lambda books: books.plant("end: 2023-09-30", "end: 2024-06-01"),
    ("too early", "period-too-long"): lambda books: books.plant("filed: 2023-05-20", "filed: 2023-06-02"),
    ("a guarantee too short", "guarantee-too-short"): lambda books: books.plant(
        '"partial"\n', '"partial"\n  guarantee-until: 2023-11-30\n'
    ).on(2023, 11, 30),
    ("a guarantee gone", "guarantee-too-short"): lambda books: books.plant(
        '"partial"\n', '"partial"\n  guarantee-until: 2023-10-31\n'
    ).on(2023, 11, 1),
    ("items that do not add up", "item-sum-mismatch"): lambda books: books.plant(
        '機" 120000 TWD 120000 TWD', '機" 110000 TWD 125000 TWD'
    ),
    ("somebody not planned", "person-not-planned"): lambda books: books.plant(
        'person: "王大明"', 'person: "陳小華"'
    ),
    ("somebody not insured", "person-not-insured"): lambda books: books.plant(
        "insured: TRUE", "insured: FALSE"
    ),
    ("more months than planned", "person-months-exceeded"): lambda books: books.plant(
        PERSON, PERSON.replace("months: 4", "months: 1.2")
    ).add(pay("2023-07") + pay("2023-08")),
    ("a plan beyond the limit", "person-months-exceeded"): lambda books: books.plant(
        PERSON, PERSON.replace("months: 4", "months: 10\n  other-months: 3")
    ),
    ("effort beyond the limit", "person-months-exceeded"): lambda books: books.plant(
        PERSON, PERSON.replace("months: 4", "other-months: 11")
    ).add(pay("2023-07", hours=88)),
    ("another pay", "payroll-arithmetic"): lambda books: books.plant("  hours: 80\n", "  hours: 79\n"),
    ("more hours than the month", "payroll-arithmetic"): lambda books: books.plant(
        "  hours: 80\n", "  hours: 161\n"
    ),
    ("joined within the month", "payroll-part-month"): lambda books: books.plant(
        "  hours: 80\n  total-hours: 160\n", "  hours: 80\n  total-hours: 80\n  joined: 2023-06-21\n"
    ),
    ("a bonus", "pay-part-not-claimable"): lambda books: books.plant(
        "  hours: 80\n", "  base: 40000\n  bonus: 4000\n  hours: 80\n"
    ),
    ("pay after the last day", "person-not-planned"): lambda books: books.plant(
        PERSON, PERSON + "  until: 2023-06-30\n"
    ).add(pay("2023-07")),
    ("parts that are no whole", "payroll-arithmetic"): lambda books: books.plant(
        "  hours: 80\n", "  base: 40000\n  bonus: 5000\n  hours: 80\n"
    ),
    ("a paper before the period", "voucher-outside-period"): lambda books: books.plant(
        "voucher-date: 2023-06-12", "voucher-date: 2023-05-31"
    ),
    ("paid late", "payment-late"): lambda books: books.plant(
        '2023-09-20 * "益瀚電機', '2023-11-01 * "益瀚電機'
    ),
    ("evidence that is not there", "evidence-missing"): lambda books: books.plant(
        "factory-registration", "something-else"
    ),
    ("self-funding that fell short", "self-funding-short"): lambda books: books.plant(
        '"personnel" 0 TWD 160000', '"personnel" 0 TWD 100000'
    ).plant(IMPROVEMENT, IMPROVEMENT.replace("200000 TWD 200000", "260000 TWD 200000")),
    ("months not closed", "month-not-closed"): lambda books: books.close("2023-06"),
    ("an entry added", "closed-month-changed"): lambda books: books.close(*MONTHS).add(
        bought("R9", 100, day="2023-06-29")
    ),
    ("an entry to look at", "entry-unclassified"): lambda books: books.plant(
        '2023-08-15 * "精密', '2023-08-15 ! "精密'
    ),
}

TOLD: dict[tuple[str, str], list[str]] = {
    ("beyond the budget", "budget-overrun"): [
        "消耗性器材及原材料費累計 200,501 元,超過核定 200,000 元;自憑證 R1 起超支 501 元,應自行負擔或先辦理流用變更",
    ],
    ("a name that is near", "item-not-in-budget"): [
        "憑證 R1 的品名「感測器模」不是消耗性器材及原材料費核定的項目,5,000 元不得核銷;品名應與計畫經費表一致,相近的核定項目:感測器模組",
    ],
    ("a code", "item-not-in-budget"): [
        "憑證 R1 的品名「SMD-200A」不是消耗性器材及原材料費核定的項目,5,000 元不得核銷;品名不得只填代號或簡稱,請賣方填寫完整品名",
    ],
    ("an item of another category", "item-not-in-budget"): [
        "憑證 R1 的品名「全電式射出成型機」不是消耗性器材及原材料費核定的項目,5,000 元不得核銷;它核定在全新設備之購置費,請更正科目",
    ],
    ("a category nobody could tell", "item-not-in-budget"): [
        (
            "憑證 R1 的品名「感測器模」不是核定的項目,5,000 元暫記不予認列;請以 grant answer 指定核定項目,"
            "不核銷者以 grant correct --set claimed=0 確認,相近的核定項目:感測器模組"
        ),
        (
            "憑證 R2 的品名「高階辦公椅」不是核定的項目,5,000 元暫記不予認列;請以 grant answer 指定核定項目,"
            "不核銷者以 grant correct --set claimed=0 確認"
        ),
    ],
    ("more than approved", "item-quantity-exceeded"): [
        "項目「感測器模組」累計 21.25組,超過核定 20組;自憑證 R1 起超量,超出部分請先變更或自行負擔",
    ],
    ("moved", "reallocation-unapproved"): [
        (
            "全新設備之購置費由 240,000 元調整為 288,001 元未附核准文號,不生效力;請補 approval,"
            "流用 48,001 元已逾原核定的 20%,應先經核准(此為推定規定,請洽承辦人)"
        ),
    ],
    ("added", "reallocation-unapproved"): [
        "委託研究或驗證費 50,000 元是核定後才新增的科目,未附核准文號;核准後請以 grant revise 登錄並寫上文號(此為推定規定,請洽承辦人)",
    ],
    ("before the close", "withdrawal-before-close"): [
        "2023-06-28 自專戶提領 55,000 元,其中 50,000 元屬尚未月結的 2023-06;應於月結後提領",
    ],
    ("more than earned", "withdrawal-exceeds-entitlement"): [
        "2023-06-28 自專戶支出 55,000 元後累計提領 55,000 元,超過當時可提領的 50,000 元,溢領 5,000 元;請補回專戶並洽承辦人",
    ],
    ("not withdrawn", "withdrawal-outstanding"): [
        "至 2023-07 月結的補助數還有 135,000 元未自專戶提領;請提領並在備註寫明月份",
    ],
    ("out for nobody knows what", "withdrawal-unexplained"): [
        "2023-08-20 自專戶支出 3,000 元「提領」,用途不明;專戶專款專用,請查明",
    ],
    ("a fee", "bank-fee-charged-to-grant"): [
        "2023-08-03 手續費 30 元自專戶補助款扣除;手續費應由業者負擔,請補回專戶(此為推定規定,請洽承辦人)",
    ],
    ("below nothing", "account-overdrawn"): [
        "2023-09-06 終了時專戶的政府補助款餘額為 -15 元;請補記漏列的存入或更正付款",
        "2023-10-20 終了時專戶的政府補助款餘額為 -15 元;請補記漏列的存入或更正付款",
    ],
    ("one too many", "instalment-unexpected"): [
        "2023-11-01 第 3 期撥款 5,000 元,但撥款期程只有 2 期;請核對撥款函",
    ],
    ("another first", "instalment-unexpected"): [
        "2023-06-05 第 1 期撥款 200,000 元,依期程應為 210,000 元;請核對撥款函",
        "2023-10-15 第 2 期撥款 100,000 元,依期程應為 110,000 元;請核對撥款函",
    ],
    ("another last", "instalment-unexpected"): [
        "2023-10-15 第 2 期撥款 90,000 元,依期程應為 100,000 元;請核對撥款函",
    ],
    ("beyond the grant", "instalment-unexpected"): [
        "2023-10-15 第 2 期撥款 210,001 元超過核定補助款的餘額 210,000 元;請核對撥款函",
    ],
    ("tax claimed", "tax-in-cost"): [
        "憑證 GH00000001 的成本 10,500 元比未稅金額 10,000 元多 500 元,含了營業稅;核銷採未稅基礎,稅額請改記進項稅額",
    ],
    ("more than the tax", "cost-mismatch"): [
        "憑證 GH00000001 入帳成本 10,501 元,與未稅金額 10,000 元差 501 元;請依憑證更正",
    ],
    ("another tax", "tax-arithmetic"): [
        "發票 GH00000001 未稅 10,000 元,稅額 510 元不是 5% 的 500 元;請核對發票",
    ],
    ("another share", "split-mismatch"): [
        "憑證 GH00000001 的消耗性器材及原材料費應分攤補助款 5,250 元,帳上為 5,000 元,差 250 元;請更正(此為推定規定,請洽承辦人)",
    ],
    ("net interest", "interest-booked-net"): [
        "2023-09-20 的孳息只記 27,000 元,扣稅前毛額為 30,000 元,少 3,000 元;扣稅前毛額須全部繳交國庫",
    ],
    ("too little withheld", "withholding-arithmetic"): [
        "2023-09-20 孳息毛額 26,000 元,扣繳稅額 1,000 元,依規定應為 2,600 元;請核對銀行利息清單",
    ],
    ("too little remitted", "interest-unremitted"): [
        "扣稅前孳息毛額 30 元,尚有 10 元未繳交國庫;扣繳稅額由公司自有資金補足",
    ],
    ("too much came", "surplus-unremitted"): [
        "已撥入 320,000 元,認列補助款 310,000 元,結餘款尚有 10,000 元未繳交國庫",
    ],
    ("somebody else's invoice", "buyer-mismatch"): [
        "發票 GH00000001 的買受人是 22099131,不是受補助業者 11688527;10,000 元不得核銷,請賣方重開",
    ],
    ("a private person's invoice", "buyer-mismatch"): [
        "發票 GH00000001 的買受人是 個人(無統編),不是受補助業者 11688527;10,000 元不得核銷,請賣方重開",
    ],
    ("a wrong number", "seller-id-invalid"): [
        "憑證 GH00000001 的賣方統編「34247622」檢查碼不符;請照憑證核對",
    ],
    ("bought of oneself", "self-dealing"): [
        "憑證 GH00000001 的賣方「益瀚電機有限公司」就是受補助業者或參與廠商;10,000 元不得核銷(此為推定規定,請洽承辦人)",
    ],
    ("a number too short", "invoice-number-invalid"): [
        "發票號碼「GH0000001」不是兩個英文大寫字母加八個數字;請照發票更正",
    ],
    ("booked twice", "voucher-duplicate"): [
        "憑證 GH00000001 已於 2023-08-20 入帳,又於 2023-08-22 再列 10,000 元;同一憑證只能核銷一次",
    ],
    ("half undone", "voucher-voided"): [
        "憑證 GH00000001 已作廢,仍有成本 6,000 元未沖回;請沖回,或改附賣方重開的發票",
    ],
    ("paid", "voucher-voided"): [
        "憑證 GH00000001 已作廢且已沖回,但已付的 10,500 元尚未收回",
    ],
    ("all undone", "voucher-voided"): [
        "憑證 GH00000001 已作廢,成本與付款均已歸零,僅供留意",
    ],
    ("not paid", "voucher-unpaid"): [
        "憑證 GH00000001(2023-08-20)尚有 10,500 元未付;請付款或補記付款",
    ],
    ("no paper", "document-missing"): [
        "憑證 GH00000001 沒有附件;請把檔名含憑證號碼的掃描檔放進 inbox/ 再執行 grant import",
    ],
    ("a grant beyond the cap", "subsidy-cap-exceeded"): [
        "政府補助款合計 1,620,000 元,超過每案上限 1,500,000 元,多 120,000 元;請核對核定函",
    ],
    ("a grant beyond the ratio", "subsidy-ratio-exceeded"): [
        "政府補助款 520,000 元,占總經費 939,999 元超過 50%,多 50,001 元;業者自籌款須至少補足其餘",
    ],
    ("a grant at the ratio", "subsidy-ratio-at-limit"): [
        "政府補助款 420,000 元恰為總經費的 50%;本計畫要求自籌款大於此數,請洽承辦人確認",
    ],
    ("granted though self only", "category-not-grantable"): [
        "人事費僅能由業者自籌,預算卻編列政府補助款 10,000 元;請核對核定函",
    ],
    ("booked though self only", "category-not-grantable"): [
        "憑證 p1 把人事費 10,000 元記為政府補助款,該科目僅能由業者自籌;請改記業者自籌款",
    ],
    ("a category of another scheme", "category-unknown"): [
        "國內差旅費不是本補助計畫別的會計科目;可用的科目見核定經費表",
    ],
    ("a category without budget", "category-unknown"): [
        "憑證 R1 的基礎工程施工費 5,000 元沒有核定預算;請改列核定的科目",
    ],
    ("a category beyond its cap", "category-cap-exceeded"): [
        (
            "全新設備之購置費編列 420,000 元(科目全額),超過總經費 1,180,000 元的 30%,多 66,000 元;"
            "請核對核定函或辦理變更(此為推定規定,請洽承辦人)"
        ),
    ],
    ("too long", "period-too-long"): [
        "執行期間 2023-06-01 至 2024-06-01 超過 12 個月,最遲應於 2024-05-31 結束;請核對核定函",
    ],
    ("too early", "period-too-long"): [
        "計畫開始日 2023-06-01 早於線上申請收件日 2023-06-02;最早只能追溯到收件日,請核對核定函",
    ],
    ("a guarantee too short", "guarantee-too-short"): [
        (
            "保證書到 2023-11-30 為止,須涵蓋到 2023-12-30(擔保 84,000 元);請在到期前洽銀行展延"
            "(此為推定規定,請洽承辦人)"
        ),
    ],
    ("a guarantee gone", "guarantee-too-short"): [
        (
            "保證書已於 2023-10-31 到期,須涵蓋到 2023-12-30(擔保 84,000 元);請立即洽銀行展延"
            "並以 grant milestone 登錄新的到期日,已解除保證的請以 grant waive 寫明"
            "(此為推定規定,請洽承辦人)"
        ),
    ],
    ("items that do not add up", "item-sum-mismatch"): [
        (
            "全新設備之購置費各項目合計為補助款 110,000 元、自籌款 125,000 元,"
            "與預算的補助款 120,000 元、自籌款 120,000 元不符;請依核定經費表更正"
        ),
    ],
    ("somebody not planned", "person-not-planned"): [
        "陳小華不在投入人力規劃,薪資 22,000 元(p1)不得核銷;人員異動請先報准",
    ],
    ("somebody not insured", "person-not-insured"): [
        "王大明未在公司投保勞保,薪資 22,000 元(p1)不得核銷",
    ],
    ("more months than planned", "person-months-exceeded"): [
        "王大明規劃 1.2 人月,至 p2023-08 已投入 1.5 人月,13,200 元超出規劃;請先辦理變更",
    ],
    ("a plan beyond the limit", "person-months-exceeded"): [
        "王大明規劃 10 人月,加上其他政府計畫 3 人月,超過 12 人月",
    ],
    ("effort beyond the limit", "person-months-exceeded"): [
        "王大明至 p2023-07 已投入 1.05 人月,加上其他政府計畫 11 人月,超過 12 人月",
    ],
    ("another pay", "payroll-arithmetic"): [
        "p1 應計薪資 22,000 元,依月薪 44,000 與工時 79/160 應為 21,725 元;請更正(此為推定規定,請洽承辦人)",
    ],
    ("more hours than the month", "payroll-arithmetic"): [
        "p1 的專案工時 161 多於總工時 160;請依工時紀錄更正",
    ],
    ("joined within the month", "payroll-part-month"): [
        (
            "王大明 2023-06 只有 2023-06-21 至 2023-06-30 在職(10 天),薪資 22,000 元(p1)"
            "多於按天數計的 14,666 元,超出 7,334 元;請核對(此為推定規定,請洽承辦人)"
        ),
    ],
    ("a bonus", "pay-part-not-claimable"): [
        "p1 的獎金不得核銷,可核銷的薪資為 20,000 元,多列 2,000 元;請更正(此為推定規定,請洽承辦人)",
    ],
    ("pay after the last day", "person-not-planned"): [
        (
            "王大明參與到 2023-06-30 為止,薪資 22,000 元(p2023-07)不得核銷;"
            "還在計畫內的請以 grant revise --person 登錄新的最後一天"
        ),
    ],
    ("parts that are no whole", "payroll-arithmetic"): [
        "p1 的月薪 44,000 與本薪、津貼、獎金的合計 45,000 不合,相差 1,000 元;請依薪資清冊更正",
    ],
    ("a paper before the period", "voucher-outside-period"): [
        "憑證 AB12345678 的日期 2023-05-31 不在執行期間 2023-06-01 至 2023-09-30;100,000 元不得核銷",
    ],
    ("paid late", "payment-late"): [
        "憑證 EF10000001 於 2023-11-01 才付款 52,500 元,已過付款期限 2023-10-31;請洽承辦人確認是否認列(此為推定規定,請洽承辦人)",
    ],
    ("evidence that is not there", "evidence-missing"): [
        (
            "計畫已結束,尚未附特定工廠登記證明文件;請執行 grant evidence 案件 factory-registration 檔案"
            "。未檢附者不予撥付尾款,並追繳已撥付款項,共 310,000 元"
        ),
    ],
    ("self-funding that fell short", "self-funding-short"): [
        "實支 642,001 元依 50% 只能認列補助款 321,000 元,各科目補助數合計 329,565 元;自籌不足,減列 8,565 元",
    ],
    ("months not closed", "month-not-closed"): [
        "2023-07 尚未月結,月底至今已 112 天;月結後才可自專戶提領,請執行 grant close",
        "2023-08 尚未月結,月底至今已 81 天;月結後才可自專戶提領,請執行 grant close",
        "2023-09 尚未月結,月底至今已 51 天;月結後才可自專戶提領,請執行 grant close",
    ],
    ("an entry added", "closed-month-changed"): [
        "2023-06 已月結,這筆分錄是月結後新增或修改的;請還原,把更正記在仍開放的月份",
    ],
    ("an entry to look at", "entry-unclassified"): [
        "2023-08-15「五軸加工機主軸冷卻模組」尚待確認用途與科目;查明後請以 grant answer 回答",
    ],
}


def test_every_plant_is_told() -> None:
    assert set(TOLD) == set(PLANTS)


@pytest.mark.parametrize(("plant", "check"), list(PLANTS))
def test_what_is_said(books: Books, plant: str, check: str) -> None:
    findings = PLANTS[plant, check](books).findings(check)
    assert [finding.message for finding in findings] == TOLD[plant, check]


def test_shares_and_quantities_are_shown_without_idle_zeros() -> None:
    assert [wording.percent(Decimal(ratio)) for ratio in ("0.30", "0.125", "1", "0")] == [
        "30%",
        "12.5%",
        "100%",
        "0%",
    ]
    assert [wording.count(Decimal(number)) for number in ("20.00", "0.50", "100")] == ["20", "0.5", "100"]
    assert wording.money(-1_234_567) == "-1,234,567 元"
