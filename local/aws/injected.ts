// What a fault on command looks like on the wire of the service that it hits: the errors that AWS documents for
// throttling and outages, in each service's own form.
import type { CallFault, FaultKind } from '@local-cloud/kit/faults/fault.js';
import { AwsError } from './errors.js';
import type { AwsResponse } from './service.js';

/** An answer, or none: the connection stays silent or is cut. */
export type Injected = { answer: AwsResponse } | { silence: 'hang' | 'cut' };

/** Thrown to be written as the service writes its errors. */
const ERRORS: Record<string, Partial<Record<FaultKind, [code: string, status: number, message: string]>>> = {
  s3: {
    // S3 alone asks for less with a 503.
    throttle: ['SlowDown', 503, 'Please reduce your request rate.'],
    fail: ['InternalError', 500, 'We encountered an internal error. Please try again.'],
    unavailable: ['ServiceUnavailable', 503, 'Service is unable to handle request.'],
  },
  iam: {
    throttle: ['Throttling', 400, 'Rate exceeded'],
    fail: ['ServiceFailure', 500, 'The request processing has failed because of an unknown error.'],
  },
  sts: { throttle: ['Throttling', 400, 'Rate exceeded'] },
  sagemaker: { throttle: ['ThrottlingException', 400, 'Rate exceeded'] },
  apigateway: { throttle: ['TooManyRequestsException', 429, 'Too Many Requests'] },
  'execute-api': { throttle: ['TooManyRequestsException', 429, 'Too Many Requests'] },
};

const DEFAULTS: Record<'throttle' | 'fail' | 'unavailable', [string, number, string]> = {
  throttle: ['ThrottlingException', 429, 'Rate exceeded'],
  fail: [
    'InternalFailure',
    500,
    'The request processing has failed because of an unknown error, exception or failure.',
  ],
  unavailable: [
    'ServiceUnavailable',
    503,
    'The request has failed due to a temporary failure of the server.',
  ],
};

/** API Gateway's invoke plane answers with bare messages. */
const GATEWAY_MESSAGES = {
  throttle: 'Too Many Requests',
  fail: 'Internal server error',
  unavailable: 'Service Unavailable',
};

/**
 * What the fault does to a call of a service.
 * @throws AwsError for faults that the service reports as errors
 */
export function inject(kind: Exclude<CallFault, 'lose' | 'slow'>, service: string): Injected {
  if (kind === 'hang' || kind === 'cut') return { silence: kind };
  if (kind === 'garbage')
    return {
      answer: { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>\u0000\u0007 no answer' },
    };
  const [code, status, message] = ERRORS[service]?.[kind] ?? DEFAULTS[kind];
  if (service === 'execute-api')
    return {
      answer: {
        status,
        headers: { 'content-type': 'application/json', 'x-amzn-errortype': code },
        body: JSON.stringify({ message: GATEWAY_MESSAGES[kind] }),
      },
    };
  throw new AwsError(code, message, status);
}
