import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { localCloud } from '../deploy/local-context.js';
import { Breakages } from '../doctor/hops/breakages.js';
import { cases } from '../doctor/hops/cases.js';
import { firstOf, grouped } from '../doctor/hops/groups.js';

describe('los doctor, hop by hop', () => {
  const cloud = localCloud('', 'trained');
  let by: Breakages;

  before(async () => {
    by = new Breakages(await cloud.open());
  });
  after(async () => {
    await by.ctx.close();
    cloud.remove();
  });

  /** What mends a hop reaches the calls of AWS after a moment; until then they are the first finding. */
  const settled = async (expected?: string) => {
    for (let tries = 0; ; tries++) {
      const diagnosis = await by.look();
      const found = diagnosis.first?.check;
      const call = ['gateway-call', 'prediction', 'control-call', 'exchange-stage'].includes(found ?? '');
      if (!call || found === expected || tries === 60) return diagnosis;
      await sleep(300);
    }
  };

  for (const group of grouped(cases))
    it(`finds ${group.map(({ title, check }) => `${title} (${check})`).join(', ')}`, async () => {
      for (const { breaks } of group) await breaks(by);
      const { findings, first } = await settled(firstOf(group));
      // What the group before broke would come first if the advice had not mended it.
      expect(first?.check, first?.what).to.equal(firstOf(group));
      const fixes = group.map(({ check, says }) => {
        const { state, what, fix } = findings.find((finding) => finding.check === check)!;
        expect(state, check).to.equal('broken');
        expect(what).to.match(says);
        return fix!;
      });
      if (group[0]!.mend) return void (await group[0]!.mend(by));
      for (const fix of fixes)
        if (/^ALTER .*;$/.test(fix)) await by.sql(fix.slice(0, -1));
        else expect(fix).to.contain('los apply');
      if (fixes.some((fix) => fix.includes('los apply'))) await by.apply();
    });

  it('finds everything sound again when its advice was followed', async () => {
    expect((await settled()).first).to.equal(undefined);
  });
});
