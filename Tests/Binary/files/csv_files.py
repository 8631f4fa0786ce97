"""Files of payments and refunds for `storno import`, and what it said of them."""
import csv
import json

PAYMENTS = ["id", "dialect", "amount", "currency", "created_at", "customer_email", "customer_name", "fee", "metadata"]
REFUNDS = ["id", "dialect", "payment", "amount", "status", "created_at", "reason"]


def payment_id(number):
    return f"paym_{number:024d}"


def refund_id(number):
    return f"refd_{number:024d}"


def write(path, columns, rows):
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(rows)
    return path


def payments(path, numbers, **other):
    def row(number):
        cells = {
            "id": payment_id(number),
            "dialect": "stancer",
            "amount": 1000 + number % 500,
            "currency": "eur",
            "created_at": 1_600_000_000 + number,
            "customer_email": f"c{number % 50}@example.com",
            "customer_name": f"Müller, Ann {number % 50}",
            "fee": number % 30,
            "metadata": json.dumps({"n": str(number)}),
        } | other
        return [cells[column] for column in PAYMENTS]

    return write(path, PAYMENTS, map(row, numbers))


def refunds(path, numbers, **other):
    def row(number):
        cells = {
            "id": refund_id(number),
            "dialect": "stancer",
            "payment": payment_id(number),
            "amount": 100 + number % 400,
            "status": "failed" if number % 50 == 0 else "succeeded",
            "created_at": 1_600_001_000 + number,
            "reason": "customer_requested",
        } | other
        return [cells[column] for column in REFUNDS]

    return write(path, REFUNDS, map(row, numbers))


def take(server, file, *arguments, mode="test", check=True):
    """Imports, and gives the exit code, the summary and the rows of the results."""
    done = server.command(
        "import", file, "--mode", mode, "--json", "--database", server.database, *arguments, check=False
    )
    assert not check or done.returncode == 0, done.stderr
    results = file.with_name(file.name + ".results.csv")
    with open(results, newline="", encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    return done.returncode, json.loads(done.stdout), rows


def refused(server, file, *words, code=1, arguments=()):
    """The file as a whole is refused, with these words."""
    done = server.command(
        "import", file, "--mode", "test", "--database", server.database, *arguments, check=False
    )
    assert done.returncode == code, (done.returncode, done.stderr)
    assert all(word in done.stderr for word in words), done.stderr


def export(server, subject, *arguments, mode="test"):
    done = server.command("export", subject, "--mode", mode, "--database", server.database, *arguments)
    return done.stdout


def account(server, name="main"):
    server.command("accounts", "create", name, "--database", server.database)
    return server
