BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL,
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0002');
CREATE TABLE api_token (
	institution_id VARCHAR(40) NOT NULL,
	id VARCHAR(40) NOT NULL,
	user VARCHAR(80) NOT NULL,
	digest VARCHAR(64) NOT NULL,
	scopes TEXT NOT NULL,
	created VARCHAR(32) NOT NULL,
	expires VARCHAR(32) NOT NULL,
	revoked VARCHAR(32),
	CONSTRAINT pk_api_token PRIMARY KEY (institution_id, id),
	CONSTRAINT uq_api_token_digest UNIQUE (digest)
);
CREATE TABLE approval_entry (
	institution_id VARCHAR(40) NOT NULL,
	number BIGINT NOT NULL,
	kind VARCHAR(12) NOT NULL,
	campaign_id VARCHAR(40) NOT NULL,
	package VARCHAR(64) NOT NULL,
	round INTEGER NOT NULL,
	actor VARCHAR(80) NOT NULL,
	at VARCHAR(32) NOT NULL,
	comment TEXT NOT NULL,
	level VARCHAR(4) NOT NULL,
	amount_fen BIGINT NOT NULL,
	needed INTEGER NOT NULL,
	makers TEXT NOT NULL,
	key_id VARCHAR(16) NOT NULL,
	signature VARCHAR(128) NOT NULL,
	previous VARCHAR(64) NOT NULL,
	hash VARCHAR(64) NOT NULL,
	CONSTRAINT pk_approval_entry PRIMARY KEY (institution_id, number)
);
CREATE TABLE audit_line (
	institution_id VARCHAR(40) NOT NULL,
	number BIGINT NOT NULL,
	at VARCHAR(32) NOT NULL,
	actor VARCHAR(80) NOT NULL,
	skill VARCHAR(80) NOT NULL,
	effect VARCHAR(8) NOT NULL,
	about VARCHAR(200) NOT NULL,
	outcome VARCHAR(80) NOT NULL,
	arguments VARCHAR(64) NOT NULL,
	previous VARCHAR(64) NOT NULL,
	hash VARCHAR(64) NOT NULL,
	CONSTRAINT pk_audit_line PRIMARY KEY (institution_id, number)
);
CREATE TABLE benefit_entry (
	institution_id VARCHAR(40) NOT NULL,
	"key" VARCHAR(200) NOT NULL,
	grant_id VARCHAR(200) NOT NULL,
	kind VARCHAR(12) NOT NULL,
	package VARCHAR(64) NOT NULL,
	benefit VARCHAR(80) NOT NULL,
	pool VARCHAR(80) NOT NULL,
	customer BIGINT NOT NULL,
	face_fen BIGINT NOT NULL,
	held_fen BIGINT NOT NULL,
	held_pieces INTEGER NOT NULL,
	redeemed_fen BIGINT DEFAULT '0' NOT NULL,
	at VARCHAR(32) NOT NULL,
	expires VARCHAR(32),
	CONSTRAINT pk_benefit_entry PRIMARY KEY (institution_id, "key"),
	CONSTRAINT uq_benefit_entry_grant_kind UNIQUE (institution_id, grant_id, kind)
);
CREATE TABLE benefit_limit (
	institution_id VARCHAR(40) NOT NULL,
	scope VARCHAR(200) NOT NULL,
	unit VARCHAR(8) NOT NULL,
	total BIGINT NOT NULL,
	held BIGINT DEFAULT '0' NOT NULL,
	CONSTRAINT pk_benefit_limit PRIMARY KEY (institution_id, scope),
	CONSTRAINT ck_benefit_limit_held CHECK (held <= total),
	CONSTRAINT ck_benefit_limit_positive CHECK (held >= 0)
);
CREATE TABLE campaign (
	institution_id VARCHAR(40) NOT NULL,
	id VARCHAR(40) NOT NULL,
	version INTEGER NOT NULL,
	owner VARCHAR(80) NOT NULL,
	parent VARCHAR(40) DEFAULT '' NOT NULL,
	created VARCHAR(32) NOT NULL,
	updated VARCHAR(32) NOT NULL,
	CONSTRAINT pk_campaign PRIMARY KEY (institution_id, id)
);
CREATE TABLE campaign_version (
	institution_id VARCHAR(40) NOT NULL,
	id VARCHAR(40) NOT NULL,
	version INTEGER NOT NULL,
	schema_version INTEGER NOT NULL,
	sections TEXT NOT NULL,
	actor VARCHAR(80) NOT NULL,
	cause VARCHAR(80) NOT NULL,
	at VARCHAR(32) NOT NULL,
	CONSTRAINT pk_campaign_version PRIMARY KEY (institution_id, id, version)
);
CREATE TABLE consent_entry (
	institution_id VARCHAR(40) NOT NULL,
	number BIGINT NOT NULL,
	customer BIGINT NOT NULL,
	word VARCHAR(12) NOT NULL,
	channel VARCHAR(40) NOT NULL,
	purpose VARCHAR(20) NOT NULL,
	at VARCHAR(32) NOT NULL,
	source VARCHAR(40) NOT NULL,
	wording VARCHAR(80) NOT NULL,
	evidence TEXT NOT NULL,
	actor VARCHAR(80) NOT NULL,
	noted VARCHAR(32) NOT NULL,
	previous VARCHAR(64) NOT NULL,
	hash VARCHAR(64) NOT NULL,
	CONSTRAINT pk_consent_entry PRIMARY KEY (institution_id, number)
);
CREATE TABLE customer_address (
	institution_id VARCHAR(40) NOT NULL,
	customer BIGINT NOT NULL,
	channel VARCHAR(40) NOT NULL,
	sealed TEXT NOT NULL,
	at VARCHAR(32) NOT NULL,
	CONSTRAINT pk_customer_address PRIMARY KEY (institution_id, customer, channel)
);
CREATE TABLE customer_generation (
	institution_id VARCHAR(40) NOT NULL,
	subject VARCHAR(20) NOT NULL,
	number INTEGER NOT NULL,
	state VARCHAR(12) NOT NULL,
	source VARCHAR(64) NOT NULL,
	table_name VARCHAR(120) NOT NULL,
	history_table VARCHAR(120) NOT NULL,
	rows BIGINT NOT NULL,
	size BIGINT NOT NULL,
	as_of DATE NOT NULL,
	columns TEXT NOT NULL,
	report TEXT NOT NULL,
	at VARCHAR(32) NOT NULL,
	CONSTRAINT pk_customer_generation PRIMARY KEY (institution_id, subject, number)
);
CREATE TABLE customer_import_block (
	institution_id VARCHAR(40) NOT NULL,
	subject VARCHAR(20) NOT NULL,
	number INTEGER NOT NULL,
	block INTEGER NOT NULL,
	rows INTEGER NOT NULL,
	kept INTEGER NOT NULL,
	rejections TEXT NOT NULL,
	CONSTRAINT pk_customer_import_block PRIMARY KEY (institution_id, subject, number, block)
);
CREATE TABLE decision_log (
	institution_id VARCHAR(40) NOT NULL,
	decision_id VARCHAR(64) NOT NULL,
	customer BIGINT NOT NULL,
	slot VARCHAR(40) NOT NULL,
	at VARCHAR(32) NOT NULL,
	chosen VARCHAR(64) NOT NULL,
	package VARCHAR(64) NOT NULL,
	propensity FLOAT NOT NULL,
	reasons TEXT NOT NULL,
	arm VARCHAR(40) NOT NULL,
	layer VARCHAR(80) NOT NULL,
	feature_version VARCHAR(80) NOT NULL,
	policy_version VARCHAR(80) NOT NULL,
	CONSTRAINT pk_decision_log PRIMARY KEY (institution_id, decision_id)
);
CREATE TABLE event_batch (
	institution_id VARCHAR(40) NOT NULL,
	number BIGINT NOT NULL,
	name VARCHAR(200) NOT NULL,
	state VARCHAR(8) NOT NULL,
	rows BIGINT NOT NULL,
	accepted BIGINT NOT NULL,
	at VARCHAR(32) NOT NULL,
	CONSTRAINT pk_event_batch PRIMARY KEY (institution_id, number),
	CONSTRAINT uq_event_batch_institution_id UNIQUE (institution_id, name)
);
CREATE TABLE insight_dismissal (
	institution_id VARCHAR(40) NOT NULL,
	id VARCHAR(120) NOT NULL,
	actor VARCHAR(80) NOT NULL,
	at VARCHAR(32) NOT NULL,
	CONSTRAINT pk_insight_dismissal PRIMARY KEY (institution_id, id)
);
CREATE TABLE institution (
	institution_id VARCHAR(40) NOT NULL,
	created VARCHAR(32) NOT NULL,
	CONSTRAINT pk_institution PRIMARY KEY (institution_id)
);
CREATE TABLE launch (
	institution_id VARCHAR(40) NOT NULL,
	package VARCHAR(64) NOT NULL,
	campaign_id VARCHAR(40) NOT NULL,
	shadow BOOLEAN NOT NULL,
	at VARCHAR(32) NOT NULL,
	start VARCHAR(32) NOT NULL,
	"end" VARCHAR(32) NOT NULL,
	planned TEXT NOT NULL,
	CONSTRAINT pk_launch PRIMARY KEY (institution_id, package)
);
CREATE TABLE outcome (
	institution_id VARCHAR(40) NOT NULL,
	package VARCHAR(64) NOT NULL,
	body TEXT NOT NULL,
	at VARCHAR(32) NOT NULL,
	CONSTRAINT pk_outcome PRIMARY KEY (institution_id, package)
);
CREATE TABLE package (
	institution_id VARCHAR(40) NOT NULL,
	hash VARCHAR(64) NOT NULL,
	campaign_id VARCHAR(40) NOT NULL,
	body TEXT NOT NULL,
	at VARCHAR(32) NOT NULL,
	CONSTRAINT pk_package PRIMARY KEY (institution_id, hash)
);
CREATE TABLE person_key (
	institution_id VARCHAR(40) NOT NULL,
	person BIGINT NOT NULL,
	sealed VARCHAR(200) NOT NULL,
	CONSTRAINT pk_person_key PRIMARY KEY (institution_id, person)
);
CREATE TABLE section_cache (
	institution_id VARCHAR(40) NOT NULL,
	"key" VARCHAR(64) NOT NULL,
	section TEXT NOT NULL,
	CONSTRAINT pk_section_cache PRIMARY KEY (institution_id, "key")
);
CREATE TABLE section_value (
	digest VARCHAR(64) NOT NULL,
	schema_version INTEGER NOT NULL,
	value TEXT NOT NULL,
	CONSTRAINT pk_section_value PRIMARY KEY (digest)
);
CREATE TABLE send (
	institution_id VARCHAR(40) NOT NULL,
	"key" VARCHAR(64) NOT NULL,
	package VARCHAR(64) NOT NULL,
	campaign_id VARCHAR(40) NOT NULL,
	customer BIGINT NOT NULL,
	channel VARCHAR(40) NOT NULL,
	layer VARCHAR(60) NOT NULL,
	benefit VARCHAR(80) NOT NULL,
	placement VARCHAR(120) NOT NULL,
	touch INTEGER NOT NULL,
	due DATE NOT NULL,
	until DATE NOT NULL,
	state VARCHAR(12) NOT NULL,
	reason VARCHAR(80) DEFAULT '' NOT NULL,
	variant VARCHAR(60) DEFAULT '' NOT NULL,
	batch VARCHAR(40) DEFAULT '' NOT NULL,
	cost_fen100 BIGINT DEFAULT '0' NOT NULL,
	told BOOLEAN DEFAULT 0 NOT NULL,
	CONSTRAINT pk_send PRIMARY KEY (institution_id, "key")
);
CREATE TABLE send_entry (
	institution_id VARCHAR(40) NOT NULL,
	"key" VARCHAR(64) NOT NULL,
	state VARCHAR(12) NOT NULL,
	package VARCHAR(64) NOT NULL,
	at VARCHAR(32) NOT NULL,
	reason VARCHAR(80) NOT NULL,
	batch VARCHAR(40) NOT NULL,
	cost_fen100 BIGINT NOT NULL,
	CONSTRAINT pk_send_entry PRIMARY KEY (institution_id, "key", state)
);
CREATE TABLE session (
	digest VARCHAR(64) NOT NULL,
	institution_id VARCHAR(40) NOT NULL,
	user VARCHAR(80) NOT NULL,
	csrf VARCHAR(64) NOT NULL,
	created VARCHAR(32) NOT NULL,
	seen VARCHAR(32) NOT NULL,
	expires VARCHAR(32) NOT NULL,
	ended VARCHAR(32),
	CONSTRAINT pk_session PRIMARY KEY (digest)
);
CREATE TABLE skill_call (
	institution_id VARCHAR(40) NOT NULL,
	"key" VARCHAR(200) NOT NULL,
	skill VARCHAR(80) NOT NULL,
	arguments VARCHAR(64) NOT NULL,
	result TEXT NOT NULL,
	at VARCHAR(32) NOT NULL,
	CONSTRAINT pk_skill_call PRIMARY KEY (institution_id, "key")
);
CREATE TABLE touch (
	institution_id VARCHAR(40) NOT NULL,
	"key" VARCHAR(200) NOT NULL,
	customer BIGINT NOT NULL,
	channel VARCHAR(40) NOT NULL,
	at VARCHAR(32) NOT NULL,
	package VARCHAR(64) NOT NULL,
	offer VARCHAR(80) NOT NULL,
	kind VARCHAR(20) DEFAULT '' NOT NULL,
	state VARCHAR(10) NOT NULL,
	CONSTRAINT pk_touch PRIMARY KEY (institution_id, "key")
);
CREATE TABLE user_account (
	institution_id VARCHAR(40) NOT NULL,
	name VARCHAR(80) NOT NULL,
	label VARCHAR(80) NOT NULL,
	roles VARCHAR(200) NOT NULL,
	password VARCHAR(200) DEFAULT '' NOT NULL,
	active BOOLEAN NOT NULL,
	created VARCHAR(32) NOT NULL,
	CONSTRAINT pk_user_account PRIMARY KEY (institution_id, name)
);
CREATE INDEX ix_session_user ON session (institution_id, user);
CREATE INDEX ix_audit_line_about ON audit_line (institution_id, about);
CREATE TRIGGER tr_audit_line_no_update BEFORE UPDATE ON audit_line BEGIN SELECT RAISE(ABORT, 'audit_line is append-only'); END;
CREATE TRIGGER tr_audit_line_no_delete BEFORE DELETE ON audit_line BEGIN SELECT RAISE(ABORT, 'audit_line is append-only'); END;
CREATE INDEX ix_consent_entry_customer ON consent_entry (institution_id, customer);
CREATE TRIGGER tr_consent_entry_no_update BEFORE UPDATE ON consent_entry BEGIN SELECT RAISE(ABORT, 'consent_entry is append-only'); END;
CREATE TRIGGER tr_consent_entry_no_delete BEFORE DELETE ON consent_entry BEGIN SELECT RAISE(ABORT, 'consent_entry is append-only'); END;
CREATE INDEX ix_touch_at ON touch (institution_id, at);
CREATE INDEX ix_touch_customer ON touch (institution_id, customer, at);
CREATE INDEX ix_benefit_entry_customer ON benefit_entry (institution_id, customer, benefit);
CREATE INDEX ix_benefit_entry_package ON benefit_entry (institution_id, package, benefit, kind);
CREATE TRIGGER tr_benefit_entry_no_update BEFORE UPDATE ON benefit_entry BEGIN SELECT RAISE(ABORT, 'benefit_entry is append-only'); END;
CREATE TRIGGER tr_benefit_entry_no_delete BEFORE DELETE ON benefit_entry BEGIN SELECT RAISE(ABORT, 'benefit_entry is append-only'); END;
CREATE INDEX ix_package_campaign_id ON package (campaign_id);
CREATE INDEX ix_approval_entry_package ON approval_entry (institution_id, package, number);
CREATE INDEX ix_approval_entry_campaign ON approval_entry (institution_id, campaign_id, number);
CREATE TRIGGER tr_approval_entry_no_update BEFORE UPDATE ON approval_entry BEGIN SELECT RAISE(ABORT, 'approval_entry is append-only'); END;
CREATE TRIGGER tr_approval_entry_no_delete BEFORE DELETE ON approval_entry BEGIN SELECT RAISE(ABORT, 'approval_entry is append-only'); END;
CREATE INDEX ix_decision_log_customer ON decision_log (institution_id, customer, at);
CREATE INDEX ix_decision_log_package ON decision_log (institution_id, package, at);
CREATE TRIGGER tr_decision_log_no_update BEFORE UPDATE ON decision_log BEGIN SELECT RAISE(ABORT, 'decision_log is append-only'); END;
CREATE TRIGGER tr_decision_log_no_delete BEFORE DELETE ON decision_log BEGIN SELECT RAISE(ABORT, 'decision_log is append-only'); END;
CREATE INDEX ix_launch_campaign_id ON launch (campaign_id);
CREATE TRIGGER tr_launch_no_update BEFORE UPDATE ON launch BEGIN SELECT RAISE(ABORT, 'launch is append-only'); END;
CREATE TRIGGER tr_launch_no_delete BEFORE DELETE ON launch BEGIN SELECT RAISE(ABORT, 'launch is append-only'); END;
CREATE INDEX ix_send_told ON send (institution_id, package, told, state);
CREATE INDEX ix_send_customer ON send (institution_id, customer);
CREATE INDEX ix_send_due ON send (institution_id, package, channel, state, due);
CREATE INDEX ix_send_entry_package ON send_entry (institution_id, package, state);
CREATE TRIGGER tr_send_entry_no_update BEFORE UPDATE ON send_entry BEGIN SELECT RAISE(ABORT, 'send_entry is append-only'); END;
CREATE TRIGGER tr_send_entry_no_delete BEFORE DELETE ON send_entry BEGIN SELECT RAISE(ABORT, 'send_entry is append-only'); END;
COMMIT;
