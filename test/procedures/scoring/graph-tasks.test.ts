import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { projectRoot } from '../../../deploy/project.js';
import { graphEnd, graphSteps } from '../../../procedures/scoring/graph-tasks.js';

describe('the tasks of the scoring graph', () => {
  const folder = join(projectRoot, 'tasks');
  const textOf = (file: string) => readFileSync(join(folder, file), 'utf8');
  const filesWith = (clause: RegExp) => readdirSync(folder).filter((file) => clause.test(textOf(file)));

  it('are all that follow another in tasks/, the root before them, and what comes at the end', () => {
    const [root, ...children] = graphSteps;
    expect(children.map(({ file }) => file)).to.have.members(filesWith(/^ *AFTER /m));
    expect([graphEnd.file]).to.deep.equal(filesWith(/^ *FINALIZE /m));
    for (const { file, procedure } of [...graphSteps, graphEnd])
      expect(textOf(file), file).to.match(
        new RegExp(`^AS CALL \\{\\{schema\\}\\}\\.${procedure}\\(\\)$`, 'm'),
      );
    expect(textOf(root.file)).to.match(/\{\{when\}\}[\s\S]*SYSTEM\$STREAM_HAS_DATA/);
  });
});
