/**
 * An input that alone explains more of the variance of stays than this was hardly known on admission. In SPARCS
 * (heart failure), total charges explain .50 by themselves and carry .48 to .53 of the variance in the screens of
 * feature selection; the severity that is coded at discharge .09. The strongest honest input of the generated health
 * data, the number of visitors, carries .31.
 */
export const LEAK = 0.4;

/** What a person should do about an input that gives the stay away. */
export function leakAdvice(feature: string): string {
  return `Is ${feature} known on admission? If not, name it in afterAdmission of the dataset contract and take it out of features.`;
}
