/**
 * Actions that a procedure may request of SageMaker's control plane, and the types of resources of which IAM checks
 * the name when it does. The one list: the request translator refuses what is not in it, the REST API has a route for
 * each, and the role behind them may do just these.
 *
 * Types: AWS's Service Authorization Reference, "Actions, resources, and condition keys for Amazon SageMaker". For
 * packages the reference has the type `model-package` as optional; a version in a group is also checked by its group.
 * ListModelPackages has none of which it is certain that AWS heeds it.
 */
export const CONTROL_ACTIONS = {
  CreateTrainingJob: ['training-job'],
  DescribeTrainingJob: ['training-job'],
  StopTrainingJob: ['training-job'],
  CreateTransformJob: ['transform-job'],
  DescribeTransformJob: ['transform-job'],
  StopTransformJob: ['transform-job'],
  CreateModel: ['model'],
  DeleteModel: ['model'],
  CreateEndpointConfig: ['endpoint-config'],
  DeleteEndpointConfig: ['endpoint-config'],
  CreateEndpoint: ['endpoint', 'endpoint-config'],
  DescribeEndpoint: ['endpoint'],
  DeleteEndpoint: ['endpoint'],
  CreateModelPackageGroup: ['model-package-group'],
  DescribeModelPackageGroup: ['model-package-group'],
  CreateModelPackage: ['model-package', 'model-package-group'],
  ListModelPackages: [],
  UpdateModelPackage: ['model-package'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type ControlAction = keyof typeof CONTROL_ACTIONS;

/** The names of the actions, in the list's order. */
export const controlActionNames = Object.keys(CONTROL_ACTIONS) as ControlAction[];
