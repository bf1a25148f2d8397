import { expect } from 'chai';
import { compose } from '../../../deploy/mail/compose.js';
import type { OpenContext } from '../../../deploy/open.js';
import { mailOf } from '../../../procedures/notifying/letter.js';
import type { EventMessage } from '../../../procedures/notifying/outbox.js';
import { adviceOnHeld, type HeldRow } from '../../../procedures/scoring/held-words.js';
import type { MailEvents } from '../../../report/mail/events.js';
import { everyKind, told } from '../../report/mail/samples.js';
import { hostedCloud } from '../embedded-cloud.js';

/** What a mail program shows of the text part of a whole message. */
function shownText(raw: string): string {
  const part =
    /Content-Type: text\/plain;[^\n]*\r?\nContent-Transfer-Encoding: ([\w-]+)\r?\n\r?\n([\s\S]*?)\r?\n--/.exec(
      raw,
    );
  if (!part) throw new Error(`no text part in ${raw.slice(0, 500)}`);
  const [, encoding, body = ''] = part;
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString();
  const bytes =
    encoding === 'quoted-printable'
      ? Buffer.from(
          body
            .replace(/=\r?\n/g, '')
            .replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16))),
          'latin1',
        )
      : Buffer.from(body, 'latin1');
  return bytes.toString().replace(/\r\n/g, '\n');
}

/** The statements of a mail as a person selects them: whole lines that are indented. */
const statementsOf = (text: string) =>
  text
    .split('\n')
    .filter((line) => /^ {4}\S.*;$/.test(line))
    .map((line) => line.trim());

describe('statements in the text of mails', () => {
  const cloud = hostedCloud('mail: { to: [] }', 'trained');
  let ctx: OpenContext;
  before(async () => {
    ctx = await cloud.open();
  });
  after(async () => {
    await ctx.close();
    cloud.remove();
  });

  async function textOf<E extends keyof MailEvents>(event: E, data: MailEvents[E]): Promise<string> {
    const { picture: _, ...rest } = data;
    const { raw } = await compose(
      event,
      rest as MailEvents[E],
      { messageId: '<a@b>', references: [], at: new Date() },
      { ...ctx.settings.mail, to: ['a@example.org'] },
      { deployment: 'los on local', schema: 'PREDICT_LOS.LOS', timeZone: 'UTC', spool: '/nowhere' },
      ctx.progress,
    );
    return shownText(raw);
  }
  const run = (sql: string) => ctx.snowflake.query(sql.replace(/;$/, ''));
  const failure = (sql: string) =>
    run(sql).then(
      () => undefined,
      (error: Error) => error.message,
    );
  const mailed = (event: Partial<EventMessage>) => textOf('events', mailOf({ events: [told(event)] }));

  it('run as they are pasted, in every kind of mail', async () => {
    const champion = 'health-v1';
    const alarms = ['scoring', 'watch', 'volume', 'discharges', 'performance', 'inputs'].flatMap((alarm) =>
      ['task graph', 'quarantined', 'LOS_MONITOR_HOURLY'].map((subject) => told({ alarm, subject })),
    );
    const kinds = [
      'promoted',
      'proposed',
      'rolled back',
      'graph failed',
      'stream broken',
      'not promoted',
      'retraining',
    ];
    const others = kinds.map((kind) =>
      told({ kind, alarm: null, subject: champion, message: 'It happened.' }),
    );
    const texts = [
      ...(await Promise.all((await everyKind()).map(([event, data]) => textOf(event, data)))),
      ...(await Promise.all(
        [...alarms, ...others].map((event) => textOf('events', mailOf({ events: [event] }))),
      )),
    ];
    const statements = [...new Set(texts.flatMap(statementsOf))];
    expect(statements.length).to.be.greaterThan(12);
    for (const statement of statements) {
      const wrong = await failure(statement);
      // What only a procedure refuses has been understood: no such version is waiting, and none was champion before.
      if (wrong !== undefined)
        expect(wrong, statement)
          .to.match(/(PROMOTE_MODEL|ROLL_BACK_MODEL)/)
          .and.not.to.contain('compilation error');
    }
  });

  it('keep what a hospital’s table has become, where it is meant', async () => {
    await run('TRUNCATE TABLE HEALTH_ADMISSIONS');
    await run('CALL BUILD_FEATURES()');
    const [held] = await ctx.snowflake.query<HeldRow & Record<string, unknown>>(
      'SELECT TABLE_NAME AS "table", WHAT AS "what" FROM LOS_HELD_CHANGES WHERE ENDED_AT IS NULL',
    );
    const text = await mailed({
      severity: 'critical',
      subject: 'held',
      next: `${adviceOnHeld(held!)} See docs/runbook/source.md.`,
    });
    expect(text).to.contain(
      "\n    USE SCHEMA PREDICT_LOS.LOS;\n    CALL ACCEPT_CHANGES('HEALTH_ADMISSIONS');\n",
    );
    for (const statement of statementsOf(text)) await run(statement);
    await run('CALL BUILD_FEATURES()');
    expect(await run('SELECT 1 FROM HEALTH_FEATURES WHERE WITHDRAWN_AT IS NULL LIMIT 1')).to.deep.equal([]);
  });

  it('bring lost rows back, as far as an account without Time Travel goes', async () => {
    await run('CALL CHECK_TABLES()');
    await run('DELETE FROM LOS_MODEL_REGISTRY');
    const [answer] = await run('CALL CHECK_TABLES()');
    const { losses } = Object.values(answer!)[0] as { losses: { what: string; next: string }[] };
    const [lost] = losses;
    expect(lost!.what).to.contain('LOS_MODEL_REGISTRY has lost');
    const [first, restore, ...others] = statementsOf(await mailed({ alarm: 'records', next: lost!.next }));
    expect(first).to.equal('USE SCHEMA PREDICT_LOS.LOS;');
    expect(restore).to.match(/^INSERT INTO PREDICT_LOS\.LOS\.LOS_MODEL_REGISTRY SELECT b\.\*/);
    expect(await failure(restore!)).to.contain("Unsupported feature 'Time Travel'");
    expect(others.at(-1)).to.equal("CALL ACCEPT_CHANGES('LOS_MODEL_REGISTRY');");
    for (const statement of others) await run(statement);
  });
});
