/** Instance types on which the built-in XGBoost trains and serves here: the general and compute families. */
const SIZES = [
  'large',
  'xlarge',
  '2xlarge',
  '4xlarge',
  '8xlarge',
  '9xlarge',
  '12xlarge',
  '16xlarge',
  '18xlarge',
  '24xlarge',
];
const FAMILIES: Record<string, string[]> = {
  m4: ['xlarge', '2xlarge', '4xlarge', '10xlarge', '16xlarge'],
  m5: ['large', 'xlarge', '2xlarge', '4xlarge', '12xlarge', '24xlarge'],
  m6i: SIZES.filter((size) => size !== '9xlarge' && size !== '18xlarge'),
  m7i: SIZES.filter((size) => size !== '9xlarge' && size !== '18xlarge'),
  c4: ['xlarge', '2xlarge', '4xlarge', '8xlarge'],
  c5: ['xlarge', '2xlarge', '4xlarge', '9xlarge', '18xlarge'],
  c6i: ['xlarge', '2xlarge', '4xlarge', '8xlarge', '12xlarge', '16xlarge', '24xlarge'],
  c7i: SIZES.filter((size) => size !== '9xlarge' && size !== '18xlarge'),
  r5: ['large', 'xlarge', '2xlarge', '4xlarge', '8xlarge', '12xlarge', '16xlarge', '24xlarge'],
};

const typesOf = (families: string[]) =>
  families.flatMap((family) => FAMILIES[family]!.map((size) => `ml.${family}.${size}`));

// Source of the differences: the enumerations of the service's model (botocore, sagemaker 2017-07-24).
export const TRAINING_INSTANCES = typesOf(['m4', 'm5', 'm6i', 'm7i', 'c4', 'c5', 'c6i', 'c7i', 'r5']);
export const HOSTING_INSTANCES = [
  'ml.t2.medium',
  'ml.t2.large',
  'ml.t2.xlarge',
  ...TRAINING_INSTANCES.filter((type) => type !== 'ml.r5.8xlarge' && type !== 'ml.r5.16xlarge'),
];
export const TRANSFORM_INSTANCES = TRAINING_INSTANCES.filter((type) => !type.startsWith('ml.r5.'));
