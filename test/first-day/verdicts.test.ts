import { expect } from 'chai';
import { SnowflakeError } from '../../deploy/clients/snowflake.js';
import { firstDayChecks } from '../../first-day/checks.js';
import { coldness } from '../../first-day/endpoint.js';
import type { FirstDay } from '../../first-day/scene.js';
import { answerAll } from '../../first-day/settle.js';
import { fakeContext } from '../deploy/fake-context.js';

type Answers = (sql: string) => readonly object[] | number | Error;

/** A check asked of an account that answers as the test says. */
async function asked(name: string, answers: Answers) {
  const session = {
    async query(sql: string) {
      const answer = answers(sql);
      if (answer instanceof Error) throw answer;
      return Array.isArray(answer) ? answer : [];
    },
    async execute(sql: string) {
      const answer = answers(sql);
      if (answer instanceof Error) throw answer;
      return typeof answer === 'number' ? answer : 0;
    },
    async put() {},
    async close() {},
  };
  const context = fakeContext();
  const mail = { ...context.settings.mail, verified: ['a@b.example', 'c@d.example'] };
  const day = {
    ctx: { ...context, snowflake: session, settings: { ...context.settings, mail } },
    contract: { name: 'health', table: 'HEALTH_ADMISSIONS' },
    schema: 'LOS_FIRST_DAY.CHECKS',
    openSession: async () => session,
    deployed: true,
    champion: undefined,
  } as unknown as FirstDay;
  const [settled] = await answerAll(
    firstDayChecks.filter((check) => check.name === name),
    day,
  );
  return settled!;
}

const refusal = (message: string, code = '003001') => new SnowflakeError(message, { code });

describe('how cold an endpoint was', () => {
  it('is said by where it lies among what los plan assumes', () => {
    expect(coldness(0.2)).to.match(/^no cold start: .*15 minutes without a call/);
    expect(coldness(3.24)).to.match(
      /^a cold start of 3\.2 s, in the cheap half of the 1 to 20 s .*5 in the middle/,
    );
    expect(coldness(12)).to.contain('in the dear half');
    expect(coldness(24)).to.contain('beyond all of the 1 to 20 s');
  });
});

describe('a first day in an account that is unlike the local one', () => {
  it('finds parameters that tasks do not expect', async () => {
    const rows = (values: Record<string, string>) =>
      Object.entries(values).map(([key, value]) => ({ key, value }));
    const usual = {
      AUTOCOMMIT: 'true',
      TRANSACTION_ABORT_ON_ERROR: 'false',
      QUOTED_IDENTIFIERS_IGNORE_CASE: 'false',
    };
    const look = (values: Record<string, string>) => asked('account-parameters', () => rows(values));
    expect((await look({ ...usual, READ_CONSISTENCY_MODE: 'GLOBAL' })).verdict).to.equal('holds');
    for (const [name, value] of Object.entries(usual)) {
      const other = value === 'true' ? 'false' : 'true';
      const { verdict, means } = await look({ ...usual, [name]: other });
      expect(verdict, name).to.equal('breaks');
      expect(means).to.contain(`ALTER ACCOUNT SET ${name} = ${value.toUpperCase()}`);
    }
    const { AUTOCOMMIT: _, ...hidden } = usual;
    expect(await look(hidden)).to.include({ verdict: 'open' });
  });

  it('finds that two can take one lease', async () => {
    const both = await asked('two-takers', () => 1);
    expect(both.verdict).to.equal('breaks');
    expect(both.saw).to.match(/^of 50 rounds both got it in 50 by a plain UPDATE, in 50 as/);
    const none = await asked('two-takers', () => 0);
    expect(none).to.include({ verdict: 'breaks' });
  });

  it('names the kinds of statements that a procedure may not run', async () => {
    const words = "Stored procedure execution error: Unsupported statement type 'temporary TABLE'.";
    const said = (refused: Record<string, string>) => (sql: string) =>
      sql.startsWith('CALL')
        ? [{ TRY_ALL: new Proxy(refused, { get: (of, what) => of[String(what)] ?? null }) }]
        : 0;
    const { verdict, saw, means } = await asked('procedure-statements', said({ 'temporary table': words }));
    expect(verdict).to.equal('breaks');
    expect(saw).to.equal(`temporary table: ${words}; REMOVE: allowed`);
    expect(means).to.contain('trainings would stop');
  });

  it('tells accounts in which a caller may hide the owner’s tables', async () => {
    const kinds = (kind: string) =>
      asked('temporary-table-seen', (sql) => (sql.startsWith('CALL') ? [{ KIND_OF: kind }] : 0));
    expect(await kinds('TEMPORARY')).to.include({ verdict: 'holds' });
    for (const kind of ['TABLE', 'not shown'])
      expect(await kinds(kind), kind).to.include({ verdict: 'breaks' });
    const hides = (answer: Error | number) =>
      asked('hidden-table', (sql) =>
        sql.startsWith('CREATE TEMP') ? answer : sql.startsWith('SELECT') ? [{ ROLE: 'X' }] : 0,
      );
    expect(await hides(refusal('Insufficient privileges'))).to.include({ verdict: 'holds' });
    expect(await hides(0)).to.include({ verdict: 'breaks', saw: 'taken' });
  });

  describe('of bodies', () => {
    const sizes: number[] = [];
    const upTo = (kilobytes: number) =>
      asked('large-body', (sql) => {
        if (!sql.startsWith('CREATE')) return [{ LARGE: 1 }];
        const size = Buffer.byteLength(sql) / 1024;
        sizes.push(size);
        return size > kilobytes ? refusal('SQL compilation error:\nBody is too long', '100000') : 0;
      });

    it('says that those of today are refused', async () => {
      const { verdict, saw } = await upTo(50);
      expect(verdict).to.equal('breaks');
      expect(saw).to.match(/^none is taken; 100 KB: refused \(100000\): Body is too long/);
    });

    it('says where the limit is', async () => {
      sizes.length = 0;
      const { verdict, saw } = await upTo(450);
      expect(verdict).to.equal('holds');
      expect(saw).to.match(/^100 KB \(answers 1\), 200 KB .*, 400 KB .*; 800 KB: refused \(100000\)/);
      for (const [i, wanted] of [100, 200, 400, 800].entries())
        expect(sizes[i], String(i)).to.be.within(wanted * 0.9, wanted + 0.2);
    });
  });

  describe('of masked values', () => {
    const reads = (row: Record<string, string | null>, task: object[] = [{ STATE: 'SUCCEEDED' }]) =>
      asked('masked-values', (sql) => {
        if (sql.includes('CURRENT_ROLE')) return [{ ROLE: 'LOS_DEPLOY' }];
        if (sql.includes('TASK_HISTORY')) return task;
        return sql.startsWith('SELECT') ? [row] : 0;
      });
    const written = {
      PRICE: '12.34',
      LONGEST: '12345678901234567890123456789012345678',
      RATIO: '0.1',
      CAME: '2026-01-02 03:04:05.123456',
    };

    it('holds where all come through, by a procedure and by a task', async () => {
      expect(await reads(written)).to.include({ verdict: 'holds' });
    });

    it('says which are cut on the way, and which are hidden from their owner', async () => {
      const { verdict, saw, means } = await reads({ ...written, PRICE: '12', CAME: null });
      expect(verdict).to.equal('breaks');
      expect(saw)
        .to.contain('a procedure reads a NUMBER(10,2) of 12.34 as 12;')
        .and.contain('a task reads a TIMESTAMP_NTZ(9) of 2026-01-02 03:04:05.123456 as NULL');
      expect(means).to.contain('Leave snowflake.masking out');
    });

    it('leaves open what a task that failed could not read', async () => {
      const { verdict, saw } = await reads(written, [{ STATE: 'FAILED', ERROR_CODE: '003001' }]);
      expect(verdict).to.equal('open');
      expect(saw).to.contain('the task failed (003001)');
    });

    it('is open in an edition without masking', async () => {
      const { verdict, means } = await asked('masked-values', (sql) =>
        sql.startsWith('SELECT')
          ? [{ ROLE: 'X' }]
          : refusal("Unsupported feature 'MASKING POLICY'.", '000002'),
      );
      expect(verdict).to.equal('open');
      expect(means).to.contain('This edition masks nothing');
    });
  });

  it('holds whether or not a stream has data after it was read', async () => {
    for (const HAS of [true, false])
      expect(
        await asked('stream-after-reading', (sql) => (sql.startsWith('SELECT') ? [{ HAS }] : 0)),
      ).to.include({ verdict: 'holds' });
  });

  it('says which addresses are not verified, by their places', async () => {
    const dropped: string[] = [];
    const { verdict, saw, means } = await asked('verified-mail', (sql) => {
      if (sql.startsWith('DROP')) dropped.push(sql);
      return sql.startsWith('CREATE')
        ? refusal(
            'Email recipients in the given list at indexes [2] are not allowed. Either these email addresses are not yet validated or do not belong to any user in the current account.',
            '394209',
          )
        : 0;
    });
    expect(verdict).to.equal('breaks');
    expect(saw).to.equal('refused (394209), those at [2] of 2');
    expect(means).to.contain('SYSTEM$START_USER_EMAIL_VERIFICATION').and.not.contain('@');
    expect(dropped).to.deep.equal(['DROP NOTIFICATION INTEGRATION IF EXISTS LOS_FIRST_DAY_MAIL']);
  });

  it('says what a table of another role needs before a stream may be made on it', async () => {
    const other = await asked('own-stream', () =>
      refusal(
        "SQL access control error:\nInsufficient privileges to operate on stream source without CHANGE_TRACKING enabled 'T'",
      ),
    );
    expect(other.verdict).to.equal('breaks');
    expect(other.means).to.contain('CHANGE_TRACKING = TRUE');
    const none = await asked('own-stream', () => refusal('does not exist', '002003'));
    expect(none).to.include({ verdict: 'open' });
  });

  it('leaves tasks without a warehouse open where the role may not have them', async () => {
    const { verdict, means } = await asked('serverless-task', (sql) =>
      sql.startsWith('CREATE')
        ? refusal('Cannot execute task, EXECUTE MANAGED TASK privilege must be granted')
        : 0,
    );
    expect(verdict).to.equal('open');
    expect(means).to.contain('GRANT EXECUTE MANAGED TASK');
  });
});
