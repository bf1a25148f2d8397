// AWS's errors: one class, written to the wire in the way of the protocol that the service speaks.
import type { AwsResponse, Protocol } from './service.js';
import { element } from './xml.js';

/**
 * An error as AWS reports it. `code` is the name without the JSON protocols' "Exception" where the two differ
 * (AccessDenied); `status` the HTTP status; `extra` further members of the error's body.
 */
export class AwsError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly status = 400,
    readonly extra: Record<string, string | number> = {},
  ) {
    super(message);
    this.name = code;
  }
}

/** The refusal of an operation or option that exists in AWS but not here. */
export function featureError(service: string, what: string, instead: string): AwsError {
  return new AwsError('NotImplemented', `The local ${service} does not support ${what}. ${instead}`, 501);
}

/** Codes that IAM, STS and S3 write without, and the JSON protocols with, "Exception", and their JSON names. */
const JSON_NAMES: Record<string, string> = {
  AccessDenied: 'AccessDeniedException',
  MissingAuthenticationToken: 'MissingAuthenticationTokenException',
  InvalidClientTokenId: 'UnrecognizedClientException',
  SignatureDoesNotMatch: 'InvalidSignatureException',
  ExpiredToken: 'ExpiredTokenException',
  IncompleteSignature: 'IncompleteSignatureException',
};

/** Writes an error as the given protocol does. */
export function errorResponse(protocol: Protocol, error: AwsError, requestId: string): AwsResponse {
  const name = JSON_NAMES[error.code] ?? error.code;
  switch (protocol) {
    case 'awsJson1.1':
      return {
        // This protocol answers every client error with 400, access denied included.
        status: error.status >= 500 ? error.status : 400,
        headers: { 'content-type': 'application/x-amz-json-1.1' },
        // A denial, which comes from what stands before the service, spells the member with a capital.
        body: JSON.stringify({
          __type: name,
          [name === 'AccessDeniedException' ? 'Message' : 'message']: error.message,
          ...error.extra,
        }),
      };
    case 'restJson':
      return {
        status: error.status,
        headers: { 'content-type': 'application/json', 'x-amzn-errortype': name },
        body: JSON.stringify({ message: error.message, ...error.extra }),
      };
    case 'query':
      return {
        status: error.status,
        headers: { 'content-type': 'text/xml' },
        body: element('ErrorResponse', {
          Error: {
            Type: error.status >= 500 ? 'Receiver' : 'Sender',
            Code: error.code,
            Message: error.message,
            ...error.extra,
          },
          RequestId: requestId,
        }),
      };
    case 'restXml':
      return {
        status: error.status,
        headers: { 'content-type': 'application/xml' },
        body: `<?xml version="1.0" encoding="UTF-8"?>\n${element('Error', {
          Code: error.code,
          Message: error.message,
          ...error.extra,
          RequestId: requestId,
        })}`,
      };
  }
}
