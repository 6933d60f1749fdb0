"""The tables beside the cards; those of the cards follow from the catalogue of their fields."""

from __future__ import annotations

TABLES = """
CREATE TABLE IF NOT EXISTS binding (kind TEXT, owner_id INTEGER, contact_id INTEGER, sort INTEGER,
    role_id INTEGER DEFAULT 0, PRIMARY KEY (kind, owner_id, contact_id)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS binding_contact ON binding (contact_id);
CREATE TABLE IF NOT EXISTS multifield (id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT, owner_id
    INTEGER, type_id TEXT, value_type TEXT, value TEXT, folded TEXT);
CREATE INDEX IF NOT EXISTS multifield_owner ON multifield (kind, owner_id);
CREATE INDEX IF NOT EXISTS multifield_value ON multifield (type_id, value);
CREATE INDEX IF NOT EXISTS multifield_folded ON multifield (type_id, folded, kind, owner_id);
CREATE TABLE IF NOT EXISTS product_row (id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT, owner_id
    INTEGER, product_id INTEGER, product_name TEXT, price REAL, price_exclusive REAL, price_netto REAL,
    price_brutto REAL, quantity REAL, discount_type_id INTEGER, discount_rate REAL, discount_sum REAL,
    tax_rate REAL, tax_included TEXT, customized TEXT, measure_code INTEGER, measure_name TEXT, sort
    INTEGER);
CREATE INDEX IF NOT EXISTS product_row_owner ON product_row (kind, owner_id);
CREATE TABLE IF NOT EXISTS stage_history (id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT, owner_id
    INTEGER, type_id INTEGER, created INTEGER, category_id INTEGER, semantic TEXT, stage_id TEXT);
CREATE INDEX IF NOT EXISTS stage_history_owner ON stage_history (kind, owner_id);
CREATE TABLE IF NOT EXISTS timeline (id INTEGER PRIMARY KEY AUTOINCREMENT, type TEXT, kind TEXT,
    owner_id INTEGER, created INTEGER, author_id INTEGER, text TEXT, title TEXT, icon TEXT, files TEXT,
    pinned INTEGER DEFAULT 0);
CREATE INDEX IF NOT EXISTS timeline_owner ON timeline (kind, owner_id);
CREATE TABLE IF NOT EXISTS note (owner_kind TEXT, owner_id INTEGER, item_type INTEGER, item_id INTEGER,
    text TEXT, PRIMARY KEY (item_type, item_id));
CREATE TABLE IF NOT EXISTS activity (id INTEGER PRIMARY KEY AUTOINCREMENT, owner_type_id INTEGER,
    owner_id INTEGER, type_id INTEGER, provider_id TEXT, provider_type_id TEXT, provider_group_id TEXT,
    associated_entity_id INTEGER DEFAULT 0, subject TEXT, description TEXT, description_type INTEGER
    DEFAULT 1, created INTEGER, last_updated INTEGER, start_time INTEGER, end_time INTEGER, deadline
    INTEGER, completed TEXT DEFAULT 'N', status INTEGER DEFAULT 1, responsible_id INTEGER, author_id
    INTEGER, editor_id INTEGER, priority INTEGER DEFAULT 2, direction INTEGER DEFAULT 0, settings TEXT
    DEFAULT '[]', provider_params TEXT DEFAULT '[]', communications TEXT DEFAULT '[]', origin_id TEXT,
    pinned INTEGER DEFAULT 0);
CREATE TABLE IF NOT EXISTS activity_binding (activity_id INTEGER, owner_type_id INTEGER, owner_id
    INTEGER, PRIMARY KEY (activity_id, owner_type_id, owner_id)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS activity_binding_owner ON activity_binding (owner_type_id, owner_id);
CREATE TABLE IF NOT EXISTS call (id INTEGER PRIMARY KEY AUTOINCREMENT, activity_id INTEGER, user_id
    INTEGER, phone TEXT, call_id TEXT, call_type INTEGER, duration INTEGER, start INTEGER, failed_code
    TEXT, failed_reason TEXT, crm_type TEXT, crm_id INTEGER);
CREATE INDEX IF NOT EXISTS call_activity ON call (activity_id);
CREATE TABLE IF NOT EXISTS chat (id INTEGER PRIMARY KEY AUTOINCREMENT, connector_id TEXT,
    connector_title TEXT, user_code TEXT, client_user_id INTEGER, client_name TEXT);
CREATE TABLE IF NOT EXISTS chat_session (id INTEGER PRIMARY KEY AUTOINCREMENT, chat_id INTEGER,
    activity_id INTEGER, operator_id INTEGER, closed INTEGER);
CREATE TABLE IF NOT EXISTS chat_message (id INTEGER PRIMARY KEY AUTOINCREMENT, chat_id INTEGER,
    session_id INTEGER, sender_id INTEGER, created INTEGER, text TEXT);
CREATE TABLE IF NOT EXISTS notification (id INTEGER PRIMARY KEY AUTOINCREMENT, user_id INTEGER, from_id
    INTEGER, message TEXT, tag TEXT, created INTEGER);
CREATE TABLE IF NOT EXISTS user (id INTEGER PRIMARY KEY AUTOINCREMENT, active INTEGER, name TEXT,
    last_name TEXT, second_name TEXT, email TEXT, personal_mailbox TEXT, personal_mobile TEXT,
    work_phone TEXT, work_position TEXT, department TEXT, admin INTEGER);
CREATE TABLE IF NOT EXISTS department (id INTEGER PRIMARY KEY, name TEXT, sort INTEGER, parent INTEGER,
    head INTEGER);
CREATE TABLE IF NOT EXISTS category (id INTEGER PRIMARY KEY, name TEXT, sort INTEGER);
CREATE TABLE IF NOT EXISTS status (id INTEGER PRIMARY KEY AUTOINCREMENT, entity_id TEXT, status_id TEXT,
    name TEXT, sort INTEGER, semantics TEXT, category_id INTEGER, color TEXT, UNIQUE (entity_id,
    status_id));
CREATE TABLE IF NOT EXISTS user_field (id INTEGER PRIMARY KEY, kind TEXT, code TEXT, name TEXT, type
    TEXT, title TEXT, multiple INTEGER, items TEXT, UNIQUE (kind, code));
"""

EMPTIED_BY_RESET = (
    "deal",
    "contact",
    "lead",
    "binding",
    "multifield",
    "product_row",
    "stage_history",
    "timeline",
    "note",
    "activity",
    "activity_binding",
    "call",
    "chat",
    "chat_session",
    "chat_message",
    "notification",
)
