/** A file of a stage. */
export interface StageFile {
  /** Path within the stage. */
  name: string;
  /** As LIST and METADATA$FILENAME show it. */
  shown: string;
  /** Where it lies: another stage of the same name is another place. */
  place: string;
  size: number;
  /** Differs when the contents differ: MD5 or ETag. */
  md5: string;
  /** Milliseconds since 1970. */
  modified: number;
}

/** The files of an internal stage (a folder) or an external one (S3). */
export interface StageFiles {
  /** All files whose path begins with `prefix`, in the order of their names. */
  list(prefix: string): Promise<StageFile[]>;
  /** A local copy of the file to read from. `dispose` when done. */
  open(file: StageFile): Promise<{ path: string; dispose(): Promise<void> }>;
  /** Stores a local file (which may be moved away) under this path. @returns its size */
  store(name: string, localPath: string): Promise<number>;
  remove(file: StageFile): Promise<void>;
}
