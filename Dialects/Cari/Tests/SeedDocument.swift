/// What the vendor's page on refunds prints, without the comments that stand among the members.
enum SeedDocument {
    static let list = """
        curl -G https://api.cari.finance/charges \\
        -H "Authorization: Bearer {token}"
        """

    static let listed = """
        {
        "id": "charge_id_1",
        "amount": 1000,
        "amount_captured": 1000,
        "amount_refunded": 0,
        "currency": "usd",
        "created": 1697040000,
        "status": "succeeded",
        "created_at": "2023-10-11T00:00:00",
        "updated_at": "2023-10-11T00:00:00"
        }
        """

    static let create = """
        curl -X POST https://api.cari.finance/charges \\
        -H "Authorization: Bearer {token}" \\
        -H "Content-Type: application/json" \\
        -d '{
        "amount": 1000,
        "provider": "card",
        "currency": "usd",
        "card": {
        "token": "card_token"
        }
        }'
        """

    static let created = """
        {
        "id": "charge_id_1",
        "amount": 1000,
        "amount_captured": 1000,
        "currency": "usd",
        "status": "succeeded",
        "created_at": "2023-10-11T00:00:00",
        "updated_at": "2023-10-11T00:00:00"
        }
        """

    static let retrieve = """
        curl https://api.cari.finance/charges/{id} \\
        -H "Authorization: Bearer {token}"
        """

    static let update = """
        curl -X PUT https://api.cari.finance/charges/{id} \\
        -H "Authorization: Bearer {token}" \\
        -H "Content-Type: application/json" \\
        -d '{
        "amount": 1500,
        "status": "pending"
        }'
        """

    static let updated = """
        {
        "id": "charge_id_1",
        "amount": 1500,
        "amount_captured": 1000,
        "currency": "usd",
        "status": "pending",
        "created_at": "2023-10-11T00:00:00",
        "updated_at": "2023-10-11T00:00:00"
        }
        """

    static let delete = """
        curl -X DELETE https://api.cari.finance/charges/{id} \\
        -H "Authorization: Bearer {token}"
        """

    static let deleted = """
        {
        "message": "Charge deleted successfully"
        }
        """
}
