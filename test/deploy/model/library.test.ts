import { loadXgboost } from '@local-cloud/aws/xgboost/library.js';
import { expect } from 'chai';
import { forDataset } from '../../../deploy/dataset/context.js';
import { libraryOf, versionIn } from '../../../deploy/model/library.js';
import { overview } from '../../../deploy/model/overview.js';
import { command } from '../../../doctor/command.js';
import { examine } from '../../../doctor/examine.js';
import { modelCard } from '../../../report/model/card.js';
import { longTests } from '../../long.js';
import { hostedCloud } from '../embedded-cloud.js';

const { long } = longTests(import.meta.url);

describe('the XGBoost that made a model', () => {
  const cloud = hostedCloud('', 'trained');
  const used = loadXgboost().version.join('.');
  let opened: Awaited<ReturnType<typeof cloud.open>>;

  before(async () => {
    opened = await cloud.open();
  });
  after(async () => {
    await opened.close();
    cloud.remove();
  });

  long('is in the model card and in what the doctor says, and is the one of this machine', async () => {
    const { ctx, contract } = forDataset(opened);
    const shown = await overview(ctx, contract);
    expect(shown.xgboost).to.equal(used);
    expect(modelCard(shown, '2026-02-03')).to.contain(`:3.2-0), trained by XGBoost ${used}, candidate`);
    const found = await examine(ctx, contract);
    expect(command.print!(found).join('\n')).to.match(
      new RegExp(
        `^ok +model +a version is promoted: health-v1, trained by XGBoost ${used.replaceAll('.', '\\.')}$`,
        'm',
      ),
    );
  });

  it('is not known of a file that is gone, and of one that does not say', async () => {
    const { ctx, contract } = forDataset(opened);
    const { artifact } = (await overview(ctx, contract)).record;
    expect(await libraryOf(ctx, artifact)).to.equal(used);
    expect(await libraryOf(ctx, `${artifact}.gone`)).to.equal(undefined);
    expect(await libraryOf(ctx, 'none')).to.equal(undefined);
    for (const text of [
      '',
      'version[',
      'version[#L\0\0\0\0\0\0\0\x03',
      'version[#L\0\0\0\0\0\0\0\x03I\0\x03i\x02i\0',
    ])
      expect(versionIn(Buffer.from(text, 'latin1'))).to.equal(undefined);
    expect(versionIn(Buffer.from('version[#L\0\0\0\0\0\0\0\x03i\x03i\x02i\0}\0\0', 'latin1'))).to.equal(
      '3.2.0',
    );
  });
});
