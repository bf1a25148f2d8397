/** Roles that SageMaker is given and acts with. */
import { AwsError } from '../../errors.js';
import type { Identity } from '../../service.js';
import type { Call } from './call.js';
import { validationError } from './validation.js';

export const SAGEMAKER = 'sagemaker.amazonaws.com';

/**
 * The identity of a role that a request hands to SageMaker: the caller may pass it, and its trust policy lets
 * SageMaker assume it.
 */
export function assumeRole(call: Call, roleArn: string): Identity {
  call.context.checkPassRole(call.identity, roleArn, SAGEMAKER);
  try {
    return call.context.assumeServiceRole(roleArn, SAGEMAKER, 'SageMaker');
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw validationError(
      `Could not assume role ${roleArn}. Please ensure that the role exists and allows principal '${SAGEMAKER}' to assume the role.`,
    );
  }
}
