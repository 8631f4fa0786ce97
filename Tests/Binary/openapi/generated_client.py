"""A payment and a refund through clients that a stock generator made: run by test_generated_clients.py, with the clients on
the path. Says what it made."""
import sys

url, name, key = sys.argv[1:]

if name == "storno":
    import storno_client as made

    configuration = made.Configuration(host=f"{url}/storno/v1", access_token=key)
    with made.ApiClient(configuration) as client:
        payment = made.PaymentsApi(client).create_payment(
            made.PaymentRequest(amount=5000, currency="EUR", metadata={"by": "client"}), idempotency_key="client-1"
        )
        refunds = made.RefundsApi(client)
        refund = refunds.create_refund(made.RefundRequest(payment=payment.id, amount=1200, reason="damaged"))
        assert refunds.read_refund(refund.id).amount == 1200
        page = refunds.list_refunds(payment=payment.id)
        assert [one.id for one in page.data] == [refund.id] and page.has_more is False
        try:
            refunds.create_refund(made.RefundRequest(payment=payment.id, amount=4000))
            raise AssertionError("more than is left was refunded")
        except made.ApiException as refusal:
            assert refusal.status == 409 and refusal.data.code == "exceeds_refundable", refusal
            assert refusal.data.amount_refundable == 3800
elif name == "stancer":
    import stancer_client as made

    with made.ApiClient(made.Configuration(host=f"{url}/stancer", username=key, password="")) as client:
        card = made.CardRequest(number=made.CardRequestNumber("4000000000000077"), exp_month=12, exp_year=2040)
        payment = made.PaymentsApi(client).create_payment(
            made.PaymentRequest(amount=5000, currency="eur", card=made.CardWish(card))
        )
        refunds = made.RefundsApi(client)
        refund = refunds.create_refund(made.RefundRequest(payment=payment.id, amount=1200))
        assert refunds.read_refund(refund.id).amount == 1200
elif name == "collctiv":
    import collctiv_client as made

    with made.ApiClient(made.Configuration(host=f"{url}/collctiv", access_token=key)) as client:
        owner = made.CustomersApi(client).create_customer(
            made.CustomerRequest(first_name="Jo", last_name="Doe", email="jo@example.com")
        )
        pot = made.PotsApi(client).create_pot(made.PotRequest(name="Pot", currency="GBP", customer=owner.id))
        billing = made.PaymentRequestBillingDetails(name="Jo Doe", email="jo@example.com")
        payment = made.PaymentsApi(client).create_payment(
            made.PaymentRequest(amount=5000, pot=pot.id, billing_details=billing)
        )
        refunds = made.RefundsApi(client)
        reason = made.RefundRequestReason(code="customer_requested")
        refund = refunds.create_refund(made.RefundRequest(amount=1200, payment=payment.id, reason=reason))
        assert refunds.read_refund(refund.id).amount == 1200
else:
    import cari_client as made

    with made.ApiClient(made.Configuration(host=f"{url}/cari", access_token=key)) as client:
        card = made.ChargeRequestCard(token="tok_visa")
        payment = made.ChargesApi(client).create_charge(
            made.ChargeRequest(amount=5000, currency="usd", provider="card", card=card)
        )
        refunds = made.RefundsApi(client)
        refund = refunds.create_refund(made.RefundRequest(charge=payment.id, amount=1200))
        assert refunds.read_refund(refund.id).amount == 1200

print(payment.id, refund.id)
