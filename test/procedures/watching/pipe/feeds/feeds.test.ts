import { expect } from 'chai';
import type { Contract } from '../../../../../procedures/dataset/contract.js';
import { feedsOf } from '../../../../../procedures/dataset/origin/feed-views.js';
import { lookAtFeeds } from '../../../../../procedures/watching/pipe/feeds/feeds.js';
import { place, scripted } from '../../../scripted.js';

const contract = { name: 'd', table: 'T', events: [], planned: {} } as unknown as Contract;

const plan = { place, zone: 'UTC', contract };
/** What is remembered: nothing but the day. */
const today = [{ KIND: 'today', NAME: null, DAY: 20000, UNTIL: null, N: null }];

describe('feeds', () => {
  it('are those that the contract names, and one more by an entry alone', () => {
    expect(feedsOf(contract).map(({ view }) => view)).to.deep.equal(['D_EVENT_ROWS', 'D_PLANNED']);
    const made = [
      {
        key: 'events',
        name: 'porters',
        view: 'demo',
        known: 'AT',
        delay: () => 6,
        without: 'Beds go on.',
        severity: 'warning',
      },
    ] as const;
    const feeds = feedsOf(contract, made);
    const signs = scripted(lookAtFeeds(plan, feeds), (step) => {
      if ((step as { sql: string }).sql.includes('LOS_TABLE_COUNTS')) return today;
      throw new Error("Object 'PORTERS' does not exist or not authorized.");
    });
    expect(signs).to.have.length(1);
    expect(signs[0]).to.include({ kind: 'source', subject: 'reading porters', severity: 'warning' });
    expect(signs[0]!.message).to.equal(
      "The porters cannot be read: Object 'PORTERS' does not exist or not authorized. Beds go on.",
    );
  });

  it('wait a day more where rows may be loaded once a day, or do not say when they were recorded', () => {
    const delays = (given: object) => feedsOf({ ...contract, ...given }).map(({ delay }) => delay);
    expect(delays({ events: [{ recorded: 'R' }] })).to.deep.equal([6, 30]);
    expect(delays({ events: [{ recorded: 'R' }, {}] })).to.deep.equal([30, 30]);
    const asked: string[] = [];
    scripted(lookAtFeeds(plan, feedsOf(contract)), (step) => {
      const { sql } = step as { sql: string };
      asked.push(...(/hour, -(\d+), NOW\)\) AS W0/.exec(sql)?.slice(1) ?? []));
      return sql.includes('LOS_TABLE_COUNTS') ? today : [];
    });
    expect(asked).to.deep.equal(['30', '54']);
  });

  it('are told apart from what fails for another reason, and each is told for itself', () => {
    const asked: string[] = [];
    const signs = scripted(lookAtFeeds(plan, feedsOf(contract)), (step) => {
      const { sql } = step as { sql: string };
      if (sql.includes('LOS_TABLE_COUNTS')) return today;
      asked.push(sql);
      if (sql.includes('D_PLANNED')) throw new Error("Boolean value 'maybe' is not recognized");
      return [];
    });
    expect(asked).to.have.length(2);
    expect(signs.map(({ subject }) => subject)).to.deep.equal(['reading planned admissions']);
    expect(signs[0]!.message).not.to.contain('maybe');
    expect(() =>
      scripted(lookAtFeeds(plan, feedsOf(contract)), () => {
        throw new Error('Statement reached its statement timeout');
      }),
    ).to.throw('timeout');
  });
});
