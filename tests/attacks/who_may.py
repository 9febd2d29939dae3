"""Who may open what: written by hand from what each role is for, and not read from the code that it is held against.

V volunteer, P publisher, R responder, C coordinator, A admin. A route that is in no row, or in two, fails the test.
"""

from __future__ import annotations

from bot.escalation.viewer import Role

LETTERS = {"V": Role.VOLUNTEER, "P": Role.PUBLISHER, "R": Role.RESPONDER, "C": Role.COORDINATOR, "A": Role.ADMIN}

WITHOUT_LOGIN = """
static login log_in second_step take_second_step invitation accept_invitation change_language no_such_page
"""
BY_ROLES = {
    # Her own account and the way to her first page.
    "V P R C A": """home account change_account new_codes end_login end_logins change_password change_my_work confirm
        take_confirm log_out set_up take_set_up""",
    # What families wrote, who they are and what is said to them: only who answers them.
    "R": """answer_many send_many join_family conversation conversation_about conversation_after conversation_compose
        conversation_hand_back conversation_join conversation_needs conversation_note conversation_parts conversation_pass
        conversation_reply conversation_resolve conversation_retry conversation_reveal conversation_separate conversation_take
        conversation_template conversation_thread conversation_wrong conversation_was_wrong inbox_ask inbox_take shift
        shift_act""",
    # How many wait and since when.
    "R C": "alarm bad_day inbox inbox_list",
    # Figures of the whole network, none of a person.
    "C A": "dashboard dashboard_board dashboard_csv",
    "C": "switch_bad_day notices withdraw_notice new_notice publish_notice",
    # Answers: who writes, and what only a publisher lets out.
    "V P": """answers edit_answer save_answer approve_answer autosave_answer settle_clash drop_answer forget_answer
        answer_history back_to_version compare_versions preview_answer find_fields answer_readings mark_readings send_answer
        approval_sheet take_back_answer talk_draft talk_on drop_test keep_talk answer_way new_answer make_answer
        facts one_fact fact_changed fact_is_true judge_phrase phrase_other_topic undo_phrase
        recordings one_recording add_recording take_recording_out recording_sound releases review review_answer
        speaker speaker_text work_on_text speaker_look speaker_sheet bring_sheet sheet_file
        tasks one_task do_task withdrawn save_directory_entry directory_back preview_directory_entry set_directory_state
        directory_entry_works import_directory look_at_import new_directory_entry add_directory_entry""",
    "P": """archive_answer put_away_answer accept_talk change_way new_step make_step withdraw_answer do_withdraw_answer
        let_fact_go rewrite_fact undo_release do_undo_release publish_answer return_answer accept_way restore_answer""",
    "V P C": "directory directory_entry directory_history export_directory",
    "V P R": "phrases phrase_topics phrase_topic add_phrase try_phrase tried_phrase",
    # People and organizations; never a conversation.
    "A": """audit interpreters interpreter change_interpreter new_interpreter add_interpreter organizations organization
        change_organization change_agreements new_organization add_organization change_pool people one_person activate
        deactivate password_link change_roles change_standing invite_again take_back invite send_invitation settings
        templates template change_template new_template add_template""",
}
FOR_THE_NETWORK = frozenset(
    "new_organization add_organization change_pool template change_template new_template add_template".split()
)
"""Of an admin's pages those that an organization's own admin does not have."""
NEEDS_MORE_THAN_A_ROLE = frozenset({"approve_answer", "approval_sheet"})
"""A lawyer's licence: tests/console/test_history.py."""
OUTSIDE = """
healthz readyz metrics media messages status try.static try.show try.send try.save
"""
"""Not of the console: signed by Twilio, by a token, or for everybody."""


def who_may() -> dict[str, frozenset[Role] | None]:
    """The roles of each endpoint; None: everybody. ``ValueError`` for one that stands twice."""
    found: dict[str, frozenset[Role] | None] = {}
    rows = [(WITHOUT_LOGIN, None)]
    rows += [(names, frozenset(LETTERS[letter] for letter in letters.split())) for letters, names in BY_ROLES.items()]
    for names, roles in rows:
        for name in names.split():
            if name in found:
                raise ValueError(f"{name} stands in two rows")
            found[name] = roles
    return found
