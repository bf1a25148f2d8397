/** Meaning of an error of SageMaker's control plane for the next step. */
export type ErrorKind =
  /** Object that was to be made and is there: made by hand, or by an earlier delivery of the same request. */
  | 'exists'
  /** Object that was asked about, or that the request needs, and is not there. */
  | 'missing'
  /** Too many requests: the same again, later. */
  | 'throttled'
  /** A quota of the account is used up: the same again when something has ended, or never. */
  | 'limit'
  /** SageMaker cannot assume the role: it is seconds old (the same again, for two minutes at most), or it is wrong. */
  | 'role not known yet'
  | 'denied'
  | 'other';

/**
 * Tells SageMaker's errors apart by type and, where SageMaker has one type for many things, by its words.
 *
 * Types: SageMaker API Reference, each action's "Errors" and "Common errors"; throttling and denials are 400 there.
 * Words: what accounts answered, as people quote it in the issues of aws/amazon-sagemaker-examples (#2440, #1540),
 * aws/sagemaker-python-sdk and hashicorp/terraform-provider-aws; test/procedures/training/answers.test.ts has them all.
 * @param answer error as its type without a prefix, e.g. `ValidationException`, and the message
 */
export function classify({
  error,
  message,
}: {
  readonly error: string;
  readonly message: string;
}): ErrorKind {
  if (/^(Throttl|TooManyRequests|RequestLimitExceeded)/.test(error)) return 'throttled';
  if (/^(AccessDenied|NotAuthorized|UnrecognizedClient)/.test(error)) return 'denied';
  if (/^(ResourceLimitExceeded|ServiceQuotaExceeded|LimitExceeded)/.test(error)) return 'limit';
  // Of the actions that are asked for, only those that create jobs have it, and for this alone.
  if (/^ResourceInUse/.test(error)) return 'exists';
  if (/^ResourceNotFound/.test(error)) return 'missing';
  if (!/^Validation(Exception|Error)$/.test(error)) return 'other';
  // CreateModel has words of its own for a role that it cannot assume.
  if (
    /could not assume role|unable to assume (the )?role|^the execution role arn .* is invalid/i.test(message)
  )
    return 'role not known yet';
  if (/already existing|already exists/i.test(message)) return 'exists';
  // The artifact of a model, a file, is nothing that a procedure could make.
  if (/^could not find model data/i.test(message)) return 'other';
  if (/^(could not find|requested resource not found)|\barn:\S+ does not exist/i.test(message))
    return 'missing';
  return 'other';
}
