"""Every statement of the two slide decks that states a rule, a number, a paper or a flow of money, and what holds it.

`python -m tests.programme_coverage` writes docs/programme-coverage.md. A row names the deck and the line of its
text, what it says in our own words, and the test that holds it, or why the program has nothing to do with it.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

PAGE = Path(__file__).parents[1] / "docs" / "programme-coverage.md"
UPGRADE, FACTORY = "低碳化智慧化升級轉型簡報", "納管工廠簡報"


class Row(NamedTuple):
    """One statement: the test that holds it as `path::name`, or why it is out of scope."""

    deck: str
    line: str
    says: str
    test: str = ""
    why_not: str = ""


_AWARD = "tests/checks/test_award.py::"
_MOMENTS = "tests/recall/plants/award/milestones.py::"
_COACHING = "tests/ledger/case/test_coaching.py::"
_ENDED = "tests/checks/test_settlement.py::"
_CASES = "tests/checks/portfolio/test_cases.py::"
_LIST = "tests/ledger/case/test_checklist.py::"
_CHECKS = "tests/checks/"
_CLI = "tests/cli/commands/test_milestone.py::"
_SCHEMES = "tests/ledger/schemes/test_schemes.py::"
_SETTLED = "tests/ledger/case/test_settlement.py::"
_REGISTERS = "tests/reports/sheets/test_registers.py::"
_RECOVERED = "tests/ledger/case/test_recovery.py::"
_INSTALMENTS = "tests/ledger/case/test_instalments.py::"
_APPLYING = "申請階段的手續;案件在核定之後才開始"
_JUDGED = "審查單位的判斷,不在帳上"

ROWS = (
    Row(UPGRADE, "22-23", "診斷輔導業者負擔 4 萬元,非中小企業 6 萬元", _SCHEMES + "test_coaching_is_a_fixed_fee_and_its_reports"),
    Row(UPGRADE, "31-44", "診斷輔導的三份報告", _COACHING + "test_the_names_are_those_of_the_scheme"),
    Row(UPGRADE, "31-44", "報告要交付(檔案在案件裡)才算", _ENDED + "test_a_report_counts_when_its_file_is_there"),
    Row(UPGRADE, "51-61", "20 萬=16 萬+4 萬;30 萬=24 萬+6 萬", _COACHING + "test_the_fixed_fee_is_recognised_once_the_reports_are_there"),
    Row(UPGRADE, "72-82", "供應鏈診斷輔導為兩份報告", _ENDED + "test_reports_of_a_coaching_case_that_are_missing_after_its_end"),
    Row(UPGRADE, "87-94", "供應鏈診斷輔導 20 萬元=16 萬+4 萬", _SCHEMES + "test_coaching_is_a_fixed_fee_and_its_reports"),
    Row(UPGRADE, "99-101", "個案補助每家最高 500 萬元", _AWARD + "test_subsidy_cap"),
    Row(UPGRADE, "106-109", "以大帶小 1+10 最高 3,000 萬元、1+4 最高 2,000 萬元", _SCHEMES + "test_partners_of_a_supply_chain"),
    Row(UPGRADE, "106-109", "1+10、1+4:合作廠商的家數", _AWARD + "test_how_many_partners_take_part"),
    Row(UPGRADE, "111-113", "受理期間 112/4/17 至 112/11/30", _AWARD + "test_filed_outside_the_window"),
    Row(UPGRADE, "141-145", "申請資格:登記、員工 10 人以上", why_not=_APPLYING),
    Row(UPGRADE, "155-169", "補助標的(減碳、智慧製造)", why_not=_JUDGED),
    Row(UPGRADE, "171", "消耗性器材及原材料費可用補助款", _SCHEMES + "test_the_programmes_limits"),
    Row(UPGRADE, "173", "全新設備補助款以總經費 30% 為上限", _AWARD + "test_category_cap_on_the_subsidy"),
    Row(UPGRADE, "175", "既有設備之改善費可用補助款", _SCHEMES + "test_the_programmes_limits"),
    Row(UPGRADE, "177", "委託研究或驗證費補助款以總經費 40% 為上限", _SCHEMES + "test_the_programmes_limits"),
    Row(UPGRADE, "179", "自籌款大於總經費 50%(恰為 50% 提醒)", _AWARD + "test_ratio_at_limit_warns_where_the_scheme_is_strict"),
    Row(UPGRADE, "179", "自籌不足時補助款按比率減列", _ENDED + "test_self_funding_short"),
    Row(UPGRADE, "181", "人事費、無形資產引進費僅能自籌", _AWARD + "test_category_not_grantable_in_budget"),
    Row(UPGRADE, "185", "補助上限每案 500 萬元", _AWARD + "test_subsidy_cap_judges_the_budget_in_force"),
    Row(UPGRADE, "187", "收件日以線上申請送出時間為準", _AWARD + "test_period_may_not_begin_before_filing"),
    Row(UPGRADE, "189", "檢附申請書及附件", why_not=_APPLYING),
    Row(UPGRADE, "191", "未附履約保證:期中 50%、期末 50%", _INSTALMENTS + "test_what_is_expected_before_anything_came"),
    Row(UPGRADE, "193", "附 20% 保證:簽約 50%、期末 50%", _INSTALMENTS + "test_after_the_first_came_the_rest_is_expected"),
    Row(UPGRADE, "195", "附全額保證:簽約 100%", _CHECKS + "test_account.py::test_full_guarantee_pays_at_once"),
    Row(UPGRADE, "197", "書面審查", why_not=_JUDGED),
    Row(UPGRADE, "199", "國產設備購置費占總購置金額的比例(50%)", _REGISTERS + "test_property_is_registered_with_its_domestic_share"),
    Row(UPGRADE, "199", "達 50% 者優先支持", why_not="核定前的優先順序,不在帳上"),
    Row(UPGRADE, "201-203", "執行期間以 12 個月為原則(超過僅提醒)", _AWARD + "test_a_period_in_principle_is_told_and_a_limit_is_an_error"),
    Row(UPGRADE, "205-218", "資格審、計畫審查、簽約的流程", why_not=_APPLYING),
    Row(UPGRADE, "255-259", "以大帶小申請資格;中心廠 10 人以上", why_not=_APPLYING),
    Row(UPGRADE, "261-271", "以大帶小 30%、40% 為全案總經費", _SETTLED + "test_a_category_cap_is_a_share_of_the_whole_project_s_total"),
    Row(UPGRADE, "261-271", "以大帶小預算的科目上限為全案合計", _AWARD + "test_category_cap_is_of_the_whole_project"),
    Row(UPGRADE, "269", "以大帶小總經費 50%(符號缺漏,依法規)", _AWARD + "test_subsidy_ratio"),
    Row(UPGRADE, "271-272", "以大帶小國內差旅費僅能自籌", _AWARD + "test_travel_may_be_self_only_in_supply_chains"),
    Row(UPGRADE, "276", "每案最高 3,000 萬元", _SCHEMES + "test_the_programmes_limits"),
    Row(UPGRADE, "282", "未附保證者依進度請領", _INSTALMENTS + "test_progress_comes_in_any_number_of_parts_within_the_grant"),
    Row(UPGRADE, "284-286", "附 20% 保證:簽約 20%,後續依保證金額請領", _MOMENTS + "second_payment_without_another_letter"),
    Row(UPGRADE, "288", "附全額保證:簽約 100%", _INSTALMENTS + "test_what_is_expected_before_anything_came"),
    Row(UPGRADE, "290-292", "視訊審查;全新國產設備優先", why_not=_JUDGED),
    Row(UPGRADE, "292", "購買全新國產設備(財產清冊記產地)", _REGISTERS + "test_property_is_registered_with_its_domestic_share"),
    Row(UPGRADE, "294-297", "執行期間以不超過 2 年為原則", _AWARD + "test_a_period_in_principle_is_told_and_a_limit_is_an_error"),
    Row(UPGRADE, "322-325", "1 帶 10、1 帶 4 共同參與,各參與廠商分別記帳", _SETTLED + "test_each_party_has_its_own_cost_and_share"),
    Row(UPGRADE, "322-325", "一個中心廠帶領的家數:超過者提醒", _MOMENTS + "one_partner_too_many"),
    Row(UPGRADE, "328-", "人才培訓課程", why_not="沒有帳"),
    Row(FACTORY, "12", "受理至 112/11/30 或經費用罄", _AWARD + "test_filed_outside_the_window"),
    Row(FACTORY, "33", "須經地方政府核定改善計畫(列入應備文件)", _LIST + "test_the_stages_and_their_days"),
    Row(FACTORY, "35-47", "申請資格", why_not=_APPLYING),
    Row(FACTORY, "51", "同一事項不得重複補助;各機關補助不得超過經費", _MOMENTS + "another_agency_that_pays_a_dollar_too_much"),
    Row(FACTORY, "51", "同一憑證不得向兩個計畫申請", "tests/checks/portfolio/test_claims.py::test_an_invoice_in_two_companies_cases"),
    Row(FACTORY, "53-54", "已獲同一辦法補助者不得申請", _CASES + "test_who_held_another_grant_of_the_act_may_not_ask_for_this"),
    Row(FACTORY, "58-59", "執行期間 12 個月(另一頁作「為限」,從嚴)", _AWARD + "test_a_period_in_principle_is_told_and_a_limit_is_an_error"),
    Row(FACTORY, "61", "補助上限 150 萬元;自籌款 50% 以上", _SCHEMES + "test_the_programmes_limits"),
    Row(FACTORY, "62-70", "補助內容", why_not=_JUDGED),
    Row(FACTORY, "78-117", "申請、修正與補正手續", why_not=_APPLYING),
    Row(FACTORY, "130", "計畫期間最早追溯至收件日", _AWARD + "test_period_may_not_begin_before_filing"),
    Row(FACTORY, "130", "執行期間以 12 個月為限", _AWARD + "test_period_too_long"),
    Row(FACTORY, "132", "公司名稱填全銜(憑證買受人須為業者)", _CHECKS + "test_voucher.py::test_buyer_mismatch"),
    Row(FACTORY, "153", "申請經費與預算表一致", _AWARD + "test_item_sum_mismatch"),
    Row(FACTORY, "161-164", "其他政府補助與迴避人員", why_not=_APPLYING),
    Row(FACTORY, "183-190", "工作項目與預期成果", why_not=_JUDGED),
    Row(FACTORY, "194-212", "設備採購、改善以未稅編列", _CHECKS + "test_costing.py::test_tax_in_cost"),
    Row(FACTORY, "194-202", "設備的品牌、型號、產地與國產比率 50%", _REGISTERS + "test_less_than_half_at_home_is_said"),
    Row(FACTORY, "216-218", "編人事費須提供投入人力規劃", _CHECKS + "test_payroll.py::test_person_not_planned"),
    Row(FACTORY, "228-230", "委託研究須提供委託單位與金額(列入清單)", _LIST + "test_a_paper_of_a_category_is_asked_for_where_it_has_cost"),
    Row(FACTORY, "234-242", "預期效益", why_not=_JUDGED),
    Row(FACTORY, "253-255", "補助款不得超過總經費 50%", _AWARD + "test_subsidy_ratio"),
    Row(FACTORY, "257", "人事費、無形資產引進費僅能自籌", _AWARD + "test_category_not_grantable_in_voucher"),
    Row(FACTORY, "259", "全新設備以總經費 30% 為上限(科目全額)", _AWARD + "test_category_cap_on_the_whole_category"),
    Row(FACTORY, "261", "委託研究或驗證以總經費 40% 為上限", _SCHEMES + "test_the_programmes_limits"),
    Row(FACTORY, "264-277", "揭露表與個資同意書", why_not=_APPLYING),
    Row(FACTORY, "282-298", "經費科目表", _AWARD + "test_category_unknown_in_budget_and_items"),
    Row(FACTORY, "298-301", "基本(基礎)工程施工費僅能自籌", _AWARD + "test_category_names_have_aliases"),
    Row(FACTORY, "310-311", "同一家業者以 1 案為限", _CASES + "test_a_second_case_of_the_scheme"),
    Row(FACTORY, "313-315", "補正期限", why_not=_APPLYING),
    Row(FACTORY, "317-318", "政府計畫總人月不得超過 12 人月", _CHECKS + "test_payroll.py::test_person_months_in_the_plan"),
    Row(FACTORY, "317-318", "人月以工時計,跨案合計", "tests/checks/portfolio/test_persons.py::test_work_over_the_limit"),
    Row(FACTORY, "320-321", "最近 3 年違反法令情節重大者不得申請", why_not="主管機關的認定,不在帳上"),
    Row(FACTORY, "322", "追回違法期間內所獲的補助(以解除或撤銷登記)",
        _RECOVERED + "test_rescinded_gives_everything_back_with_interest_from_the_day_it_came"),
    Row(FACTORY, "329-333", "智慧財產權與個資", why_not=_APPLYING),
    Row(FACTORY, "335", "計畫人員須為投保勞保的正式員工", _CHECKS + "test_payroll.py::test_person_not_insured"),
    Row(FACTORY, "340", "簽約前開立專戶", _MOMENTS + "account_opened_the_day_after_the_signing"),
    Row(FACTORY, "342", "專款專用", _CHECKS + "test_account.py::test_deposit_not_grant"),
    Row(FACTORY, "342", "先撥款後核銷:補助款未撥入不得提領",
        _CHECKS + "whole/test_edges.py::test_nothing_may_be_withdrawn_before_anything_came"),
    Row(FACTORY, "342", "專戶儲存專帳管理:不是補助款的存入", _CHECKS + "test_account.py::test_deposit_not_grant"),
    Row(FACTORY, "344-345", "僅限計畫所需支出,分補助與自籌", _CHECKS + "test_costing.py::test_split_mismatch_names_both_figures"),
    Row(FACTORY, "344-345", "期間外的支出不得核銷", _CHECKS + "test_period.py::test_voucher_outside_period"),
    Row(FACTORY, "347", "核銷採未稅,不含營業稅", _CHECKS + "test_costing.py::test_tax_paid_by_grant"),
    Row(FACTORY, "349", "月底結帳後才由專戶提領", _CHECKS + "test_account.py::test_withdrawal_of_a_month_not_closed"),
    Row(FACTORY, "349", "月份還沒結束不能月結", "tests/checks/runs/test_close_month.py::test_a_month_that_is_not_over_is_not_closed"),
    Row(FACTORY, "351-352", "品名完整並與經費表一致", _CHECKS + "test_budget.py::test_item_not_in_budget"),
    Row(FACTORY, "351-352", "品名勿填代號或簡稱", _CHECKS + "test_budget.py::test_item_that_is_only_a_code"),
    Row(FACTORY, "354", "取得補助款後應立即存入專戶",
        "tests/importers/planning/test_bank_kinds.py::test_grant_money_that_came_to_the_company_s_account"),
    Row(FACTORY, "354-355", "孳息毛額全部繳交國庫", _CHECKS + "test_interest.py::test_interest_remitted_net_of_tax"),
    Row(FACTORY, "354-355", "結餘全部繳交國庫", _CHECKS + "test_interest.py::test_surplus_unremitted"),
    Row(FACTORY, "359-380", "審查流程與優先支持", why_not=_JUDGED),
    Row(FACTORY, "391-392", "期中、期末查核通過後各撥 50%", _MOMENTS + "first_half_paid_before_the_interim_audit"),
    Row(FACTORY, "394-395", "附 20% 保證:簽約後 50%、期末查核後 50%", _MOMENTS + "tail_paid_a_day_before_the_final_audit"),
    Row(FACTORY, "394-398", "履約保證以補助金額計",
        _INSTALMENTS + "test_the_guarantee_is_a_share_of_the_grant_rounded_up_and_outlasts_the_case"),
    Row(FACTORY, "397-398", "附全額保證:簽約後一次撥付", _MOMENTS + "grant_paid_out_before_the_contract_was_signed"),
    Row(FACTORY, "405-411", "期中、期末報告(列入清單)", _LIST + "test_the_stages_and_their_days"),
    Row(FACTORY, "413-417", "報告內容屬實", why_not=_JUDGED),
    Row(FACTORY, "419-420", "期中、期末查核與抽查", "tests/audit/test_sampling.py::test_by_risk_the_riskiest_and_of_these_the_largest"),
    Row(FACTORY, "423-424", "未附特登證明不撥尾款並追繳已撥款項",
        _SETTLED + "test_without_its_registration_nothing_is_paid_and_all_is_due_back"),
    Row(FACTORY, "423-424", "未附特登證明不開領據", _CLI + "test_a_factory_without_and_with_its_registration"),
    Row(FACTORY, "435", "同一家業者或同一代表人所屬業者已獲本補助", _CASES + "test_a_representative_of_two_companies"),
    Row(FACTORY, "427-443", "其他撤銷、廢止的事由", why_not="主管機關的認定,不在帳上"),
    Row(FACTORY, "445-446", "撤銷或廢止、解除契約:返還補助",
        _RECOVERED + "test_rescinded_gives_everything_back_with_interest_from_the_day_it_came"),
    Row(FACTORY, "446", "通知返還一部:終止契約者返還未支用的補助款與孳息",
        _RECOVERED + "test_terminated_gives_back_what_is_not_spent_and_the_interest"),
    Row(FACTORY, "446", "終止契約後不再撥款", _RECOVERED + "test_terminated_nothing_more_is_paid_though_more_was_spent"),
)  # fmt: skip


def page() -> str:
    """The page as it stands in docs/."""
    held = sum(1 for row in ROWS if row.test)
    lines = [
        "# 簡報條文與測試對照",
        "",
        "由程式產生(`python -m tests.programme_coverage`)。行號是簡報文字檔的行號。",
        "",
        f"{len(ROWS)} 條,其中 {held} 條有測試,{len(ROWS) - held} 條不在帳務範圍。",
        "",
        "| 簡報 | 行 | 內容 | 測試或不在範圍的理由 |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| {row.deck} | {row.line} | {row.says} | {f'`{row.test}`' if row.test else row.why_not} |"
        for row in ROWS
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
