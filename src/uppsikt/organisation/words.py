"""Roles in words, and what has happened to people, units and rosters."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from uppsikt.organisation.rules import Role

ROLES: dict[str, str | Promise] = {
    Role.OFFICER.value: _("Handläggare"),
    Role.EDITOR.value: _("Webbredaktör"),
    Role.CUSTOMER_CENTRE.value: _("Kundcenter"),
    Role.MANAGER.value: _("Chef"),
    Role.COMMUNICATIONS.value: _("Kommunikationsenheten"),
    Role.REGISTRAR.value: _("Registrator"),
    Role.ARCHIVIST.value: _("Arkivarie"),
    Role.DATA_PROTECTION.value: _("Dataskyddsombud"),
    Role.CRISIS_GROUP.value: _("Krisgruppen"),
    Role.AUDITOR.value: _("Revisor"),
    Role.ADMINISTRATOR.value: _("Systemadministratör"),
}

ROLES_MAY: dict[str, str | Promise] = {
    Role.OFFICER.value: _("svarar i de kanaler där hen har uppdrag"),
    Role.EDITOR.value: _("svarar i de centrala kanaler där hen har uppdrag"),
    Role.CUSTOMER_CENTRE.value: _("svarar i de centrala kanaler där hen har uppdrag"),
    Role.MANAGER.value: _("ger uppdrag i enhetens kanaler och ser hur det går"),
    Role.COMMUNICATIONS.value: _("ansluter kanaler, sköter regler och kontaktlistan"),
    Role.REGISTRAR.value: _("läser och söker bland handlingar"),
    Role.ARCHIVIST.value: _("läser och söker bland handlingar"),
    Role.DATA_PROTECTION.value: _("läser och söker bland handlingar"),
    Role.CRISIS_GROUP.value: _("läser och söker bland handlingar"),
    Role.AUDITOR.value: _("läser handlingar och spår men ändrar inget"),
    Role.ADMINISTRATOR.value: _("sköter personer, roller och anslutningar men läser inga handlingar"),
}

STEPS: dict[str, str | Promise] = {
    "add": _("lade till personen"),
    "change": _("ändrade uppgifterna"),
    "elect": _("antecknade att personen är förtroendevald"),
    "unelect": _("antecknade att personen inte längre är förtroendevald"),
    "give_role": _("gav rollen"),
    "end_role": _("tog tillbaka rollen"),
    "make_login_link": _("skapade en inloggningslänk"),
    "use_login_link": _("loggade in med en länk"),
    "set_password": _("valde ett nytt lösenord"),
    "lock_login": _("låste inloggningen efter många fel lösenord"),
    "unlock_login": _("låste upp inloggningen"),
    "add_totp": _("slog på kod från en app"),
    "drop_totp": _("stängde av kod från en app"),
    "add_webauthn": _("lade till en passnyckel"),
    "drop_webauthn": _("tog bort en passnyckel"),
    "add_recovery_codes": _("gjorde reservkoder"),
    "drop_recovery_codes": _("tog bort reservkoder"),
    "reset_factors": _("tog bort tvåstegsinloggningen"),
    "end_session": _("loggade ut en webbläsare"),
    "name_contact": _("lade till en kontaktperson"),
    "rank_contact": _("ändrade ordningen bland kontaktpersonerna"),
    "drop_contact": _("tog bort en kontaktperson"),
}


def role(name: str) -> str:
    """A role's name for people."""
    return str(ROLES.get(name, name))
