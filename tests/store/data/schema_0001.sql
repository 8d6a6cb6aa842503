BEGIN TRANSACTION;
CREATE TABLE alliance_schema (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alliance_schema_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alliance_schema" VALUES('0001');
CREATE TABLE erasures (
	session_id VARCHAR(80) NOT NULL, 
	PRIMARY KEY (session_id)
);
CREATE TABLE events (
	session_id VARCHAR(80) NOT NULL, 
	seq INTEGER NOT NULL, 
	at VARCHAR(32) NOT NULL, 
	type VARCHAR(40) NOT NULL, 
	payload TEXT NOT NULL, 
	PRIMARY KEY (session_id, seq)
);
INSERT INTO "events" VALUES('20261122-0815-k3f9',1,'2026-11-22T08:15:01.000000+00:00','session_opened','{"type":"session_opened","scenario":"mandated","scenario_version":"1.0","seed":7,"pace":"untimed","wpm":160.0,"voice":"scripted","trainee":"t-31","exam":false,"max_turns":40,"max_seconds":null,"plan":"Let him set the pace.","branch":null}');
INSERT INTO "events" VALUES('20261122-0815-k3f9',2,'2026-11-22T08:15:02.000000+00:00','client_planned','{"type":"client_planned","turn":0,"act":"open","openness":"guarded","topic":null,"disclosure":null,"event":null,"ending":null,"lines":[],"clauses":[{"text":"Fine.","words":1,"stage":false,"pause":0.5,"flagged":false,"complete":false},{"text":"[He looks at the door.]","words":0,"stage":true,"pause":1.2,"flagged":false,"complete":false},{"text":"I didn''t choose this.","words":4,"stage":false,"pause":0.5,"flagged":false,"complete":true}],"opportunities":[],"instead":[],"voice":"scripted"}');
INSERT INTO "events" VALUES('20261122-0815-k3f9',3,'2026-11-22T08:15:03.000000+00:00','clause_shown','{"type":"clause_shown","turn":0,"index":0}');
INSERT INTO "events" VALUES('20261122-0815-k3f9',4,'2026-11-22T08:15:04.000000+00:00','client_finished','{"type":"client_finished","turn":0}');
INSERT INTO "events" VALUES('20261122-0815-k3f9',5,'2026-11-22T08:15:05.000000+00:00','trainee_sent','{"type":"trainee_sent","turn":1,"text":"It sounds like none of this was your choice — \"again\".","floor":null,"words_heard":0,"words_lost":0,"pause_broken":false,"think_seconds":null}');
INSERT INTO "events" VALUES('20261122-0815-k3f9',6,'2026-11-22T08:15:06.000000+00:00','ended','{"type":"ended","ending":"planned_close","dropout_estimate":0.31}');
INSERT INTO "events" VALUES('20261123-0815-m2wz',1,'2026-11-23T08:15:01.000000+00:00','session_opened','{"type":"session_opened","scenario":"mandated","scenario_version":"1.0","seed":7,"pace":"stream","wpm":160.0,"voice":"scripted","trainee":null,"exam":false,"max_turns":40,"max_seconds":null,"plan":"","branch":{"session_id":"20261122-0815-k3f9","turn":1}}');
INSERT INTO "events" VALUES('20261123-0815-m2wz',2,'2026-11-23T08:15:02.000000+00:00','trainee_sent','{"type":"trainee_sent","turn":1,"text":"What would make this hour worth it to you?","floor":null,"words_heard":0,"words_lost":0,"pause_broken":false,"think_seconds":null}');
CREATE TRIGGER events_never_change BEFORE UPDATE ON events
    BEGIN SELECT RAISE(ABORT, 'events are never changed'); END;
CREATE TRIGGER events_follow_on BEFORE INSERT ON events
    WHEN NEW.seq IS NOT 1 + COALESCE(
        (SELECT MAX(seq) FROM events WHERE session_id = NEW.session_id), 0)
    BEGIN SELECT RAISE(ABORT, 'events are numbered without a gap'); END;
CREATE TRIGGER events_stay BEFORE DELETE ON events
    WHEN NOT EXISTS (SELECT 1 FROM erasures WHERE session_id = OLD.session_id)
    BEGIN SELECT RAISE(ABORT, 'events are deleted by whole sessions only'); END;
CREATE TRIGGER erasures_are_whole BEFORE DELETE ON erasures
    WHEN EXISTS (SELECT 1 FROM events WHERE session_id = OLD.session_id)
    BEGIN SELECT RAISE(ABORT, 'a session is deleted as a whole'); END;
COMMIT;
