/** `shop.0004_order_total` for Django, the revision id for Alembic. */
export type MigrationId = string;
