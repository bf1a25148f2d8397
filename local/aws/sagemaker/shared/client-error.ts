/** A failure that the user of a training job can mend; its message becomes the job's FailureReason. */
export class ClientError extends Error {
  override name = 'ClientError';
}
