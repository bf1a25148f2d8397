import { expect } from 'chai';
import { describeAbandoned } from '../../../deploy/resources/abandoned-table.js';

describe('a plan for another dataset than the one that is deployed', () => {
  it('says whose table is read no longer, and how to keep it', () => {
    expect(
      describeAbandoned([
        { action: 'create', id: 'snowflake.stream:HEALTH_ADMISSIONS_CHANGES' },
        { action: 'remove', id: 'snowflake.stream:FALL_CHANGES' },
        { action: 'remove', id: 'snowflake.stream:FALL_UNSCORED' },
      ]),
    ).to.match(/^FALL is read no longer.*dataset: in los\.config\.yaml/);
    expect(describeAbandoned([{ action: 'update', id: 'snowflake.stream:FALL_CHANGES' }])).to.equal(
      undefined,
    );
    expect(describeAbandoned([{ action: 'remove', id: 'snowflake.task:LOS_MONITOR_HOURLY' }])).to.equal(
      undefined,
    );
  });
});
