/** Texts by which files of training rows and lines are written, and answers loaded. */
export const FILES: readonly string[] = [
  'training/asked-rows',
  'training/hazard-lines',
  'training/hazard-questions',
  'training/load-answers',
  'training/periods',
];
