import { existsSync } from 'node:fs';
import { expect } from 'chai';
import { loadCsv } from '../../contracts/files/load-csv.js';
import { loadDemoData } from '../../demo/data.js';
import type { Context } from '../../deploy/context.js';
import { forDataset } from '../../deploy/dataset/context.js';
import { promote } from '../../deploy/model/promote.js';
import { trainVersion } from '../../deploy/model/train.js';
import type { OpenContext } from '../../deploy/open.js';
import { apply } from '../../deploy/operate/apply.js';
import { runGraph } from '../../deploy/scoring/graph.js';
import type { Contract } from '../../procedures/dataset/contract.js';
import { Door } from '../deploy/door.js';
import { embeddedCloud } from '../deploy/embedded-cloud.js';

const DATA = '../shared/data';

/** A hospital and the kind of version that answers for it. */
interface Hospital {
  readonly contract: string;
  /** Of real admissions, which are not part of the repository; left out: the demo's. */
  readonly csv?: string;
  readonly candidate: string;
}

const hospitals: Readonly<Record<string, Hospital>> = {
  'the demo, by a linear model': { contract: 'sql/datasets/health.yaml', candidate: 'linear' },
  'the demo, by trees': { contract: 'sql/datasets/health.yaml', candidate: 'squared-error' },
  'New York’s heart failure, by trees': {
    contract: 'sql/datasets/sparcs_hf.yaml',
    csv: `${DATA}/sparcs_hf_27925.csv.gz`,
    candidate: 'gamma',
  },
  'the Heart Institute, by hazards': {
    contract: 'bench/datasets/hdhi_dates.yaml',
    csv: `${DATA}/hdhi_admissions.csv.gz`,
    candidate: 'hazard',
  },
};

/** What a person asks with the hospital's own columns, of every kind of version, on made-up and on real admissions. */
describe('one door to the model', () => {
  for (const [title, hospital] of Object.entries(hospitals))
    describe(title, () => {
      let local: Awaited<ReturnType<typeof embeddedCloud>> | undefined;
      let root: OpenContext;
      let ctx: Context;
      let contract: Contract;
      let door: Door;

      before(async function () {
        if (hospital.csv && !existsSync(hospital.csv)) {
          console.log(`skipped: ${hospital.csv} is not there`);
          this.skip();
        }
        local = await embeddedCloud('mail: { to: [] }');
        root = await local.open();
        ({ ctx, contract } = forDataset(root, hospital.contract));
        await apply(ctx);
        if (hospital.csv) await loadCsv(ctx, contract, hospital.csv, contract.table);
        else await loadDemoData(ctx, contract, { rows: 20_000 });
        await runGraph(ctx, contract);
        const { version } = await trainVersion(ctx, contract, { candidates: [hospital.candidate] });
        await promote(ctx, contract, version, { force: true });
        door = new Door(ctx, contract);
        await door.admit(1000);
        await runGraph(ctx, contract);
      });
      after(async () => {
        if (!local) return;
        await root.close();
        await local.cloud.close();
        local.remove();
      });

      it('answers of a thousand admissions what the log has of them', async () => {
        const { rows, off } = await door.besideLog();
        expect(rows).to.be.at.least(1000);
        expect(off).to.be.at.most(1e-9);
      });

      it('stays in the range of training rows, without any one column and in 500 random subsets', async () => {
        await door.staysInRange(await door.withoutOne());
        const answers = await door.staysInRange(await door.subsets());
        expect(answers.filter(({ days }) => days !== null).length).to.be.above(100);
      });

      it('does not answer to an empty OBJECT, and says why', async () => {
        const [empty] = await door.answers([{}]);
        expect(empty!.days).to.equal(null);
        expect(empty!.reason).to.match(/^The OBJECT has no value of a feature of/);
      });
    });
});
