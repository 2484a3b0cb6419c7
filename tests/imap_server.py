"""A small real IMAP4rev1 server on loopback (試験用の受信サーバー): sockets, literals, UIDs, flags, folders, TLS.

    with ImapServer({"support@shop.example.com": "secret"}) as server:
        server.add("INBOX", raw)            # server.port; server.folders["INBOX"].mails

It knows LOGIN, LIST, SELECT, EXAMINE, UID SEARCH, UID FETCH, UID STORE, UID COPY, UID MOVE, UID EXPUNGE, NOOP, LOGOUT. What it
was asked stands in `server.commands`, so that a test can prove what was not done.
"""

from __future__ import annotations

import asyncio
import re
import ssl
import threading
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

TOKEN = re.compile(rb'"((?:[^"\\]|\\.)*)"|(\([^()]*\))|(\S+)')


@dataclass(slots=True)
class Kept:
    """One mail in a folder."""

    uid: int
    raw: bytes
    flags: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Folder:
    """A folder with its UIDVALIDITY; UIDs only grow."""

    uid_validity: int = 1
    next_uid: int = 1
    mails: list[Kept] = field(default_factory=list)

    def add(self, raw: bytes, flags: set[str] | None = None) -> Kept:
        kept = Kept(self.next_uid, raw, set(flags or ()))
        self.next_uid += 1
        self.mails.append(kept)
        return kept


class ImapServer:
    """Runs in a thread of its own while the `with` block lasts."""

    def __init__(
        self,
        users: dict[str, str],
        *,
        context: ssl.SSLContext | None = None,
        can_move: bool = True,
        drop_after: int = 0,
    ) -> None:
        self.users = users
        self.context = context
        self.can_move = can_move
        self.drop_after = drop_after  # the connection is cut instead of answering the n-th fetch of a mail
        self.is_silent = False
        self.fetched = 0
        self.folders: dict[str, Folder] = {"INBOX": Folder()}
        self.commands: list[str] = []
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._started = threading.Event()

    def add(self, folder: str, raw: bytes) -> Kept:
        return self.folders.setdefault(folder, Folder()).add(raw)

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._started.wait(10)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(
            asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self.context, limit=64 * 1024)
        )
        self.port = server.sockets[0].getsockname()[1]
        self._started.set()
        self._loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        session = _Session(self, writer)
        try:
            if self.is_silent:
                await asyncio.sleep(60)
            session.say(b"* OK ready")
            while line := await session.read(reader):
                if not session.obey(line):
                    break
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


class _Session:
    """One connection: who logged in, which folder is open."""

    def __init__(self, server: ImapServer, writer: asyncio.StreamWriter) -> None:
        self.server = server
        self.writer = writer
        self.is_in = False
        self.folder: Folder | None = None
        self.is_readonly = False

    def say(self, line: bytes) -> None:
        self.writer.write(line + b"\r\n")

    async def read(self, reader: asyncio.StreamReader) -> bytes:
        """A command with its literals ({n} asks us to say go on) put in as quoted strings."""
        line = (await reader.readline()).rstrip(b"\r\n")
        while found := re.search(rb"\{(\d+)(\+?)\}$", line):
            if not found[2]:
                self.say(b"+ go on")
                await self.writer.drain()
            data = await reader.readexactly(int(found[1]))
            rest = (await reader.readline()).rstrip(b"\r\n")
            line = line[: found.start()] + b'"' + data.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"' + rest  # fmt: skip
        return line

    def obey(self, line: bytes) -> bool:
        """Do it; False when the connection ends."""
        tag, _, rest = line.partition(b" ")
        words = [_unquoted(found) for found in TOKEN.finditer(rest)]
        name = words[0].decode("ascii", "replace").upper() if words else ""
        if name == "UID" and len(words) > 1:
            name, words = f"UID {words[1].decode().upper()}", words[1:]
        self.server.commands.append(name)
        act = getattr(self, f"_{name.lower().replace(' ', '_')}", None)
        if act is None or (not self.is_in and name not in ("CAPABILITY", "LOGIN", "LOGOUT", "NOOP")):
            self.say(tag + b" BAD what?")
            return True
        answer = act(words[1:])
        if answer is None:
            return False
        self.say(tag + b" " + answer)
        return name != "LOGOUT"

    def _capability(self, words: list[bytes]) -> bytes:
        self.say(b"* CAPABILITY IMAP4rev1 UIDPLUS" + (b" MOVE" if self.server.can_move else b""))
        return b"OK done"

    def _noop(self, words: list[bytes]) -> bytes:
        return b"OK done"

    def _login(self, words: list[bytes]) -> bytes:
        user, password = (word.decode("utf-8", "replace") for word in words[:2])
        if self.server.users.get(user) != password:
            return b"NO [AUTHENTICATIONFAILED] wrong"
        self.is_in = True
        return b"OK in"

    def _logout(self, words: list[bytes]) -> bytes:
        self.say(b"* BYE see you")
        return b"OK done"

    def _list(self, words: list[bytes]) -> bytes:
        for name in self.server.folders:
            self.say(b'* LIST (\\HasNoChildren) "/" "' + name.encode("ascii") + b'"')
        return b"OK done"

    def _select(self, words: list[bytes], *, readonly: bool = False) -> bytes:
        folder = self.server.folders.get(words[0].decode())
        if folder is None:
            return b"NO [NONEXISTENT] no such folder"
        self.folder, self.is_readonly = folder, readonly
        self.say(b"* FLAGS (\\Seen \\Deleted)")
        self.say(b"* %d EXISTS" % len(folder.mails))
        self.say(b"* OK [UIDVALIDITY %d] ok" % folder.uid_validity)
        self.say(b"* OK [UIDNEXT %d] ok" % folder.next_uid)
        return b"OK [READ-ONLY] done" if readonly else b"OK [READ-WRITE] done"

    def _examine(self, words: list[bytes]) -> bytes:
        return self._select(words, readonly=True)

    def _chosen(self, said: bytes) -> list[Kept]:
        assert self.folder is not None
        last = self.folder.mails[-1].uid if self.folder.mails else 0
        wanted: list[Kept] = []
        for piece in said.decode().split(","):
            low, _, high = piece.partition(":")
            ends = sorted(last if end == "*" else int(end) for end in (low, high or low))
            # "9:*" names the newest mail, too, when it is older than 9: that is the protocol.
            wanted += [kept for kept in self.folder.mails if ends[0] <= kept.uid <= ends[1]]
        return list({kept.uid: kept for kept in wanted}.values())

    def _uid_search(self, words: list[bytes]) -> bytes:
        words = words[2:] if words[0].upper() == b"CHARSET" else words
        assert self.folder is not None
        found = self._chosen(words[1]) if words[0].upper() == b"UID" else self.folder.mails
        self.say(b"* SEARCH " + b" ".join(b"%d" % kept.uid for kept in found))
        return b"OK done"

    def _uid_fetch(self, words: list[bytes]) -> bytes | None:
        assert self.folder is not None
        wanted = words[1].upper()
        for kept in self._chosen(words[0]):
            number = self.folder.mails.index(kept) + 1
            told = b"%d FETCH (UID %d RFC822.SIZE %d" % (number, kept.uid, len(kept.raw))
            if b"BODY" not in wanted:
                self.say(b"* " + told + b")")
                continue
            self.server.fetched += 1
            if self.server.fetched == self.server.drop_after:
                return None
            part = re.search(rb"<(\d+)\.(\d+)>", wanted)
            data = kept.raw[int(part[1]) : int(part[1]) + int(part[2])] if part else kept.raw
            name = b"BODY[]" + (b"<%s>" % part[1] if part else b"")
            if b"PEEK" not in wanted and not self.is_readonly:
                kept.flags.add("\\Seen")
            self.say(b"* " + told + b" " + name + b" {%d}" % len(data))
            self.writer.write(data)
            self.say(b")")
        return b"OK done"

    def _uid_store(self, words: list[bytes]) -> bytes:
        if self.is_readonly:
            return b"NO [READ-ONLY] only to look at"
        flags = set(words[2].strip(b"()").decode().split())
        for kept in self._chosen(words[0]):
            kept.flags = kept.flags - flags if words[1].startswith(b"-") else kept.flags | flags
        return b"OK done"

    def _uid_copy(self, words: list[bytes]) -> bytes:
        target = self.server.folders.get(words[1].decode())
        if target is None:
            return b"NO [TRYCREATE] no such folder"
        for kept in self._chosen(words[0]):
            target.add(kept.raw, kept.flags)
        return b"OK done"

    def _uid_move(self, words: list[bytes]) -> bytes:
        if not self.server.can_move:
            return b"BAD what?"
        answer = self._uid_copy(words)
        return self._remove(self._chosen(words[0])) if answer.startswith(b"OK") else answer

    def _uid_expunge(self, words: list[bytes]) -> bytes:
        return self._remove([kept for kept in self._chosen(words[0]) if "\\Deleted" in kept.flags])

    def _expunge(self, words: list[bytes]) -> bytes:
        assert self.folder is not None
        return self._remove([kept for kept in self.folder.mails if "\\Deleted" in kept.flags])

    def _remove(self, gone: list[Kept]) -> bytes:
        assert self.folder is not None
        for kept in gone:
            self.say(b"* %d EXPUNGE" % (self.folder.mails.index(kept) + 1))
            self.folder.mails.remove(kept)
        return b"OK done"


def _unquoted(found: re.Match[bytes]) -> bytes:
    if found[1] is not None:
        return re.sub(rb"\\(.)", rb"\1", found[1])
    return found[2] or found[3]
