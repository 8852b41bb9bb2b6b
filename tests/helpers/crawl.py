"""Forms and links of a page, read from its markup, so that tests can use it as a browser would."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin


@dataclass
class Field:
    """One thing to fill in: its name, kind, and the values that it offers or holds."""

    name: str
    kind: str
    values: list[str] = field(default_factory=list)
    chosen: list[str] = field(default_factory=list)


@dataclass
class FoundForm:
    """A form of a page."""

    action: str
    method: str
    fields: dict[str, Field] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    def defaults(self) -> dict[str, list[str]]:
        """What would be sent if nothing were touched."""
        return {name: one.chosen for name, one in self.fields.items() if one.chosen}


class FormReader(HTMLParser):
    """All forms and links of a page."""

    def __init__(self, page: str, address: str) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[FoundForm] = []
        self.links: list[str] = []
        self._address = address
        self._form: FoundForm | None = None
        self._field: Field | None = None
        self._text: list[str] | None = None
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in given:
            self.links.append(urljoin(self._address, given["href"]).partition("#")[0])
        if tag == "form":
            action = urljoin(self._address, given.get("action", ""))
            self._form = FoundForm(action, given.get("method", "get").lower())
            self.forms.append(self._form)
        if self._form is None:
            return
        if tag == "input":
            self._read_input(given)
        elif tag == "textarea" and given.get("name"):
            self._field = self._add(given["name"], "textarea")
            self._text = []
        elif tag == "select" and given.get("name"):
            self._field = self._add(given["name"], "select")
        elif tag == "option" and self._field is not None:
            self._field.values.append(given.get("value", ""))
            if "selected" in given:
                self._field.chosen.append(given.get("value", ""))
        elif tag == "button" and given.get("name"):
            self._form.buttons.append((given["name"], given.get("value", "")))

    def _add(self, name: str, kind: str) -> Field:
        assert self._form is not None
        return self._form.fields.setdefault(name, Field(name, kind))

    def _read_input(self, given: dict[str, str]) -> None:
        kind = given.get("type", "text").lower()
        if not given.get("name") or kind in ("submit", "button"):
            return
        one = self._add(given["name"], kind)
        value = given.get("value", "on" if kind in ("checkbox", "radio") else "")
        one.values.append(value)
        if kind in ("checkbox", "radio"):
            if "checked" in given:
                one.chosen.append(value)
        elif kind != "file":
            one.chosen.append(value)

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._field is not None and self._text is not None:
            # A browser drops the line end after the tag.
            self._field.chosen = ["".join(self._text).removeprefix("\n")]
            self._field, self._text = None, None
        elif tag == "select" and self._field is not None:
            if not self._field.chosen and self._field.values:
                self._field.chosen = self._field.values[:1]
            self._field = None
        elif tag == "form":
            self._form = None
