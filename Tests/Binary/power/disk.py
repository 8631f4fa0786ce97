"""What a disk could hold after a power cut, worked out from the record of what a process did to its files.

What was synced is there. Of everything else anything may be there: nothing, all of it, any part of it in any order, and
of each write any of its sectors. Names, and their loss, are taken in two ways:

- journalled: they reach the disk in their order, and any sync takes all earlier ones with it, as on ext4 or XFS.
- unsynced: each by itself may be missing until the folder itself was synced, which is all that POSIX promises.
"""
import dataclasses
import os

from recorder import Operation

SECTOR = 512


@dataclasses.dataclass
class Change:
    """A write or, without data, a new length, that no sync has covered yet."""

    time: int
    offset: int
    data: memoryview | None


class File:
    def __init__(self, inode):
        self.inode = inode
        self.synced = bytearray()
        self.pending = []

    def settle(self, time):
        """Makes durable what was written before `time`."""
        for change in self.pending:
            if change.time < time:
                apply(self.synced, change)
        self.pending = [change for change in self.pending if change.time >= time]

    def content(self, changes=None):
        """The file with the given changes, all of them unless told otherwise."""
        content = bytearray(self.synced)
        for change in self.pending if changes is None else changes:
            apply(content, change)
        return content


def apply(content, change):
    end = change.offset if change.data is None else change.offset + len(change.data)
    if len(content) < end:
        content.extend(bytes(end - len(content)))
    if change.data is None:
        del content[change.offset :]
    else:
        content[change.offset : end] = change.data


@dataclasses.dataclass
class Naming:
    """A change of a name that no sync has covered yet."""

    time: int
    operation: int
    name: str
    file: File
    new_name: str

    def apply(self, names):
        if self.operation == Operation.CREATE:
            names[self.name] = self.file
        elif self.operation == Operation.REMOVE:
            names.pop(self.name, None)
        elif self.operation == Operation.LINK:
            names[self.new_name] = self.file
        else:
            names.pop(self.name, None)
            names[self.new_name] = self.file


class Names:
    """Which names are surely on the disk, under one of the two ways to take them."""

    def __init__(self):
        self.synced = {}
        self.pending = []

    def settle(self, time):
        for naming in self.pending:
            if naming.time < time:
                naming.apply(self.synced)
        self.pending = [naming for naming in self.pending if naming.time >= time]

    def after(self, namings):
        names = dict(self.synced)
        for naming in namings:
            naming.apply(names)
        return names


class Disk:
    """Follows a record, entry by entry."""

    def __init__(self, folder):
        """
        - folder: the inode of the recorded folder.
        """
        self.folder = folder
        self.files = {}
        self.journalled = Names()
        self.unsynced = Names()
        self.syncs = {}

    def follow(self, time, entry):
        if entry.operation == Operation.WRITE:
            self.files[entry.file].pending.append(Change(time, entry.offset, entry.data))
        elif entry.operation == Operation.TRUNCATE:
            self.files[entry.file].pending.append(Change(time, entry.offset, None))
        elif entry.operation == Operation.SYNC_BEGIN:
            self.syncs[entry.offset] = time
        elif entry.operation == Operation.SYNC_END:
            self.settle(entry.file, self.syncs.pop(entry.offset))
        elif entry.operation != Operation.SENT:
            self.name(time, entry)

    def settle(self, file, time):
        self.journalled.settle(time)
        if file == self.folder:
            self.unsynced.settle(time)
        elif file in self.files:
            self.files[file].settle(time)

    def name(self, time, entry):
        if entry.operation == Operation.CREATE:
            self.files[entry.file] = File(entry.file)
        naming = Naming(time, entry.operation, entry.name, self.files[entry.file], bytes(entry.data).decode())
        self.journalled.pending.append(naming)
        self.unsynced.pending.append(naming)

    @property
    def names(self):
        """What the process itself sees."""
        return self.journalled.after(self.journalled.pending)

    @property
    def is_settled(self):
        """No bytes are left that a power cut could take away."""
        return not any(file.pending for file in self.names.values())

    @property
    def content(self):
        """Name and bytes of every file, as the process itself sees them."""
        return {name: bytes(file.content()) for name, file in self.names.items()}

    def is_pending(self, name):
        file = self.names.get(name)
        return file is not None and bool(file.pending)


# MARK: states

DATA = ("nothing", "everything", "in order", "any part", "torn")
NAMES = ("journalled", "unsynced")


def state(disk, data, names, chance):
    """One state that the disk could be in now: for each name what is surely there, and the changes that also are."""
    namings = getattr(disk, names).pending
    if data == "nothing":
        kept = []
    elif data == "everything":
        kept = namings
    elif names == "journalled" or data == "in order":
        kept = namings[: chance.randint(0, len(namings))]
    else:
        kept = [naming for naming in namings if chance.random() < 0.5]
    files = getattr(disk, names).after(kept)
    # What reached the disk in order did so across all files.
    last = chance.choice([change.time for file in files.values() for change in file.pending] or [0])
    share = chance.choice((0.1, 0.5, 0.9))
    return {name: (file, survivors(file, data, last, share, chance)) for name, file in files.items()}


def survivors(file, data, last, share, chance):
    """Which of the pending changes are on the disk."""
    if data == "nothing":
        return []
    if data == "everything":
        return file.pending
    if data == "in order":
        kept = [change for change in file.pending if change.time <= last]
        return [piece for change in kept for piece in (cut(change, chance) if change.time == last else [change])]
    kept = [change for change in file.pending if chance.random() < share]
    return kept if data == "any part" else [piece for change in kept for piece in torn(change, chance)]


def sectors(change):
    """The parts of a write that lie in sectors of their own."""
    begin, end = change.offset, change.offset + len(change.data)
    while begin < end:
        next_sector = min(end, (begin // SECTOR + 1) * SECTOR)
        part = change.data[begin - change.offset : next_sector - change.offset]
        yield Change(change.time, begin, part)
        begin = next_sector


def cut(change, chance):
    """The sectors up to some place."""
    if change.data is None:
        return [change]
    parts = list(sectors(change))
    return parts[: chance.randint(0, len(parts))]


def torn(change, chance):
    """Any of the sectors."""
    if change.data is None:
        return [change]
    return [part for part in sectors(change) if chance.random() < 0.5]


def signature(state):
    """Equal for states that hold the same."""
    return tuple(
        (name, file.inode, tuple((change.time, change.offset, change.data and len(change.data)) for change in changes))
        for name, (file, changes) in sorted(state.items())
    )


def store(state, folder):
    """Makes a folder hold this state and nothing else. Files of that name are written over, which is quicker."""
    for name in os.listdir(folder):
        if name not in state:
            os.remove(os.path.join(folder, name))
    for name, (file, changes) in state.items():
        descriptor = os.open(os.path.join(folder, name), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            os.ftruncate(descriptor, len(file.synced))
            os.pwrite(descriptor, file.synced, 0)
            for change in changes:
                if change.data is None:
                    os.ftruncate(descriptor, change.offset)
                else:
                    os.pwrite(descriptor, change.data, change.offset)
        finally:
            os.close(descriptor)
