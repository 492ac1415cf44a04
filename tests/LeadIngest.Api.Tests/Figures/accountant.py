"""An accountant's check: every figure of `sources` by channel, for the days given, from CSV exports alone. Knows nothing of the service's code.

accountant.py FOLDER FROM TO: reads leads.csv, deals.csv, spend.csv and sources.csv of the folder; prints every figure that is not the same, and how many were.
Model: all to the lead that became the deal (as last touch), no refunds; the test makes the history so.
"""
import csv
import sys
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

folder, first, last = Path(sys.argv[1]), sys.argv[2], sys.argv[3]


def rows(name):
    with open(folder / name, encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def money(text):
    return Decimal(text).quantize(Decimal("0.01"), ROUND_HALF_UP)


def inside(day):
    return first <= day <= last


leads, deals, spend, shown = rows("leads.csv"), rows("deals.csv"), rows("spend.csv"), rows("sources.csv")
channel_of = {lead["id"]: lead["channel"] for lead in leads}
sums = {}


def add(channel, name, value):
    row = sums.setdefault(channel, {})
    row[name] = row.get(name, Decimal(0)) + value


for lead in leads:
    if inside(lead["day"]) and lead["status"] in ("new", "repeat"):
        add(lead["channel"], "Leads", 1)
    if inside(lead["day"]) and lead["status"] == "spam":
        add(lead["channel"], "Spam", 1)
came = {}
for lead in sorted((lead for lead in leads if lead["status"] in ("new", "repeat")), key=lambda lead: (Decimal(lead["at"]), lead["id"])):
    came.setdefault(lead["client"], lead)
for client, lead in came.items():
    if inside(lead["day"]):
        brought = [money(d["amount"]) for d in deals if d["client"] == client and d["state"] == "won"]
        add(lead["channel"], "Clients", 1)
        add(lead["channel"], "clients who paid", 1 if brought else 0)
        add(lead["channel"], "what they brought", sum(brought, Decimal(0)))
first_deal = {}
for deal in sorted((d for d in deals if d["state"] == "won"), key=lambda d: (Decimal(d["won_at"]), d["id"])):
    first_deal.setdefault(deal["client"], deal["id"])
won_leads = {deal["lead"] for deal in deals if deal["state"] == "won"}
for deal in deals:
    channel = channel_of[deal["lead"]]
    if inside(deal["made_day"]):
        add(channel, "Deals", 1)
    if deal["state"] == "won" and inside(deal["won_day"]):
        is_first = first_deal[deal["client"]] == deal["id"]
        add(channel, "Won", 1)
        add(channel, "Revenue", money(deal["amount"]))
        add(channel, "New clients", 1 if is_first else 0)
        add(channel, "Revenue of first deals", money(deal["amount"]) if is_first else Decimal(0))
for row in spend:
    if inside(row["day"]):
        add(row["channel"], "Spend", money(row["amount"]))
for lead in leads:
    if inside(lead["day"]) and lead["status"] in ("new", "repeat") and lead["id"] in won_leads:
        add(lead["channel"], "paid leads", 1)

total = {}
for row in sums.values():
    for name, value in row.items():
        total[name] = total.get(name, Decimal(0)) + value
sums["Total"] = total


def ratio(row, part, whole, less=None):
    if part == "Spend" and "Spend" not in row or whole == "Spend" and "Spend" not in row:
        return None
    above = row.get(part, Decimal(0)) - (row.get(less, Decimal(0)) if less else 0)
    below = row.get(whole, Decimal(0))
    return None if below <= 0 else Decimal(above) / Decimal(below)


RATIOS = {
    "CPL (spend / leads)": ("Spend", "Leads"), "CPO (spend / won)": ("Spend", "Won"), "CAC (spend / new clients)": ("Spend", "New clients"),
    "Conversion of the cohort": ("paid leads", "Leads"), "Conversion of the period": ("Won", "Leads"), "Average check": ("Revenue", "Won"), "LTV": ("what they brought", "clients who paid"),
    "Advertising cost share": ("Spend", "Revenue"), "ROAS": ("Revenue", "Spend"), "ROMI (revenue / spend, 100 % is break-even)": ("Revenue", "Spend"),
    "ROMI ((revenue − spend) / spend, 0 % is break-even)": ("Revenue", "Spend", "Spend"),
    "ROMI of first deals (revenue / spend)": ("Revenue of first deals", "Spend"), "ROMI of first deals ((revenue − spend) / spend)": ("Revenue of first deals", "Spend", "Spend"),
}
faults, same = [], 0
if {r["Channel"] for r in shown} - set(sums) or set(sums) - {r["Channel"] for r in shown}:
    faults.append(f"rows: {sorted(r['Channel'] for r in shown)} are not {sorted(sums)}")
for row in shown:
    own = sums.get(row["Channel"], {})
    own["Revenue of repeat deals"] = own.get("Revenue", Decimal(0)) - own.get("Revenue of first deals", Decimal(0))
    for name in ("Spend", "Visits", "Leads", "Spam", "Clients", "Deals", "Won", "New clients", "Revenue", "Revenue of first deals", "Revenue of repeat deals"):
        expected = None if name == "Spend" and name not in own else own.get(name, Decimal(0))
        told = Decimal(row[name]) if row[name] else None
        if told != expected:
            faults.append(f"{row['Channel']}, {name}: {told} is not {expected}")
        same += 1
    for name, parts in RATIOS.items():
        expected = ratio(own, *parts)
        told = Decimal(row[name]) if row[name] else None
        is_money = name.startswith("C") and "/" in name or name in ("Average check", "LTV")
        if (told is None) != (expected is None) or told is not None and abs(told - expected) > (Decimal("0.005") if is_money else Decimal("0.000000001")):
            faults.append(f"{row['Channel']}, {name}: {told} is not {expected}")
        same += 1
print("\n".join(faults) if faults else f"{same} figures agree")
sys.exit(1 if faults else 0)
