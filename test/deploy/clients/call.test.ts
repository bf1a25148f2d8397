import { expect } from 'chai';
import { callProcedure, ProcedureRefusal } from '../../../deploy/clients/call.js';
import { type Snowflake, SnowflakeError } from '../../../deploy/clients/snowflake.js';
import { UserError } from '../../../deploy/errors.js';
import { END, NEXT } from '../../../procedures/ground/refusal-text.js';
import { Refused } from '../../../procedures/ground/work.js';
import { fakeContext } from '../fake-context.js';

/** A session that answers every statement alike. */
function answering(answer: () => Record<string, unknown>[]) {
  const sent: { sql: string; binds: unknown }[] = [];
  const query = async (sql: string, binds: unknown) => {
    sent.push({ sql, binds });
    return answer();
  };
  return { sent, ctx: fakeContext({ snowflake: { query } as unknown as Snowflake }) };
}

async function failure(error: SnowflakeError, name = 'PROMOTE_MODEL'): Promise<unknown> {
  const { ctx } = answering(() => {
    throw error;
  });
  try {
    await callProcedure(ctx, name, []);
  } catch (thrown) {
    return thrown;
  }
  throw new Error('nothing was thrown');
}

/** As Snowflake passes on what a procedure says (procedures/ground/inside.ts), and the driver's wrapper what Snowflake says. */
function passedOn({ message, next, by }: Refused, procedures: readonly string[]): SnowflakeError {
  let text = `${by === undefined ? '' : `[${by}] `}${message}${NEXT}${next}${END}`;
  for (const name of procedures)
    text = `Execution error in store procedure ${name}:\n${text}\nAt Snowflake.execute, line 7 position 12`;
  return new SnowflakeError(`${text} (in: CALL …)`, { code: '100183' });
}

/** The same where it is the error of the procedure's own that ends it. */
function uncaught({ message, next, by }: Refused): SnowflakeError {
  const text = `Error: ${by === undefined ? '' : `[${by}] `}${message}${NEXT}${next}${END}`;
  return new SnowflakeError(
    `JavaScript execution error: Uncaught ${text} in TRAIN_MODEL at '  throw new Error(' position 8\nstackstrace: \nTRAIN_MODEL line: 7`,
    { code: '100132' },
  );
}

describe('a call of a procedure', () => {
  it('hands over texts, numbers and objects, and takes a value or its JSON', async () => {
    const { ctx, sent } = answering(() => [{ PROMOTE_MODEL: '{"version": "health-v2"}' }]);
    expect(await callProcedure(ctx, 'PROMOTE_MODEL', [null, { object: { force: true } }])).to.deep.equal({
      version: 'health-v2',
    });
    expect(sent).to.deep.equal([
      {
        sql: 'CALL PREDICT_LOS.LOS.PROMOTE_MODEL(?, PARSE_JSON(?)::OBJECT)',
        binds: [null, '{"force":true}'],
      },
    ]);
    const value = answering(() => [{ RETIRE_MODELS: ['health-v1'] }]);
    expect(await callProcedure(value.ctx, 'RETIRE_MODELS', [])).to.deep.equal(['health-v1']);
  });

  it('finds a refusal in what Snowflake makes of it, also through a procedure that called another', async () => {
    for (const procedures of [['PROMOTE_MODEL'], ['LOS_REGISTER_VERSION', 'STEP_TRAINING']]) {
      const refusal = new Refused(
        'health-v2 is not promoted: a gate says no (a: b).',
        'Wait: or force.',
        'gates',
      );
      const error = (await failure(passedOn(refusal, procedures))) as ProcedureRefusal;
      expect(error).to.be.instanceOf(ProcedureRefusal).and.instanceOf(UserError);
      expect([error.message, error.next, error.by]).to.deep.equal([
        'health-v2 is not promoted: a gate says no (a: b).',
        'Wait: or force.',
        'gates',
      ]);
    }
    const own = (await failure(uncaught(new Refused('No: a gate.', 'Go.', 'gates')))) as ProcedureRefusal;
    expect([own.message, own.next, own.by]).to.deep.equal(['No: a gate.', 'Go.', 'gates']);
    const plain = (await failure(passedOn(new Refused('No.', 'Go.'), ['P']))) as ProcedureRefusal;
    expect([plain.message, plain.next, plain.by]).to.deep.equal(['No.', 'Go.', undefined]);
  });

  it('says what to do where the procedure is missing, and leaves other failures as they are', async () => {
    const unknown = new SnowflakeError('Unknown function PROMOTE_MODEL', { code: '002140' });
    expect(await failure(unknown))
      .to.have.property('next')
      .that.contains('Run los apply');
    const inside = new SnowflakeError(`Object 'LOS_MODEL_REGISTRY' does not exist`, { code: '002003' });
    expect(await failure(inside)).to.equal(inside);
    const other = new SnowflakeError('Warehouse is suspended', { code: '000606' });
    expect(await failure(other)).to.equal(other);
  });
});
