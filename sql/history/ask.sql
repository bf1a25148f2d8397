-- Enters the queue. Binds: id, action, subject, seconds to live, host, process, commit, release.
INSERT INTO {{history}} (ID, ACTION, SUBJECT, STATUS, ASKED_AT, ALIVE_UNTIL, USER_NAME, HOST, PROCESS, COMMIT_ID, RELEASE)
SELECT ?, ?, ?, 'WAITING', CURRENT_TIMESTAMP(), DATEADD(SECOND, ?::NUMBER(38,0), CURRENT_TIMESTAMP()), CURRENT_USER(), ?, ?, ?, ?
