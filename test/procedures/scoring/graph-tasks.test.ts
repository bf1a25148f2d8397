import { expect } from 'chai';
import { readDeclarations, taskDeclarations } from '../../../deploy/headers/files.js';
import { graphEnd, graphSteps } from '../../../procedures/scoring/graph-tasks.js';

describe('the tasks of the scoring graph', () => {
  const textOf = (task: string) => readDeclarations().find(({ header }) => header.name === task)?.text ?? '';

  it('are those that files of tasks/ make a graph of, each after the one before it, and what comes at the end', () => {
    const inGraph = taskDeclarations().filter((task) => task.inGraph);
    expect(inGraph.map(({ name }) => name)).to.have.members(
      [...graphSteps, graphEnd].map(({ task }) => task),
    );
    for (const [i, { task, run }] of graphSteps.entries()) {
      expect(inGraph.find(({ name }) => name === task)?.run, task).to.equal(run);
      const before = graphSteps[i - 1];
      if (before) expect(textOf(task)).to.contain(`AFTER {{ref:${before.task}}}`);
    }
    expect(textOf(graphEnd.task)).to.contain(`FINALIZE = {{ref:${graphSteps[0].task}}}`);
    for (const { task, procedure } of [...graphSteps, graphEnd])
      expect(textOf(task), task).to.contain(`AS CALL {{ref:${procedure}}}()`);
  });
});
