import type { Dataset } from '#dataset/dataset.ts';
import type { Result } from '#lib/result.ts';

/** Where datasets come from. Everything heavy (decoding, drawing, parsing) happens in the sources' own worker. */
export interface Sources {
  builtin(id: BuiltinId, options: LoadOptions): Promise<Result<LoadedDataset>>;
  /** Reads the table and the names of the files, decodes nothing yet. */
  inspect(files: readonly NamedFile[], options: LoadOptions): Promise<Result<Inspection>>;
  /** Builds the dataset of an inspection with the columns chosen by the person. */
  load(inspection: Inspection, mapping: Mapping, options: LoadOptions): Promise<Result<LoadedDataset>>;
  /**
   * A square picture of an example that is larger than what the models see: a built-in face is drawn, a file of the dataset
   * that was loaded last decoded, in the worker; what was drawn before is kept on the device. At most `size` pixels a side
   * (8 ... 2048); null where there is none or its file is not at hand. Rejects with a ProblemError.
   */
  picture(of: PictureOf, size: number): Promise<ImageBitmap | null>;
  dispose(): void;
}

/** The example of a picture. */
export interface PictureOf {
  /** Content hash of the dataset that the picture is kept for; null: it is not kept. */
  readonly dataset: string | null;
  readonly id: string;
  /** null for pictures that are files. */
  readonly face: { readonly seed: number; readonly index: number } | null;
}

export type BuiltinId = 'faces' | 'handwriting' | 'compas';
/** A file with its path inside the chosen folder. */
export interface NamedFile {
  readonly path: string;
  readonly blob: Blob;
}
export interface LoadOptions {
  /** Faces only: how many are drawn (default 20,000). */
  readonly count?: number;
  readonly seed?: number;
  readonly onProgress?: (progress: SourceProgress) => void;
  readonly signal?: AbortSignal;
}
export interface SourceProgress {
  readonly stage: string; // "Drawing faces", "Decoding images"
  readonly done: number;
  readonly total: number | null;
}
export interface SkippedFile {
  readonly name: string;
  readonly reason: string;
}
export interface LoadedDataset {
  readonly dataset: Dataset;
  readonly skipped: readonly SkippedFile[];
  /** Same pixels or values more than once; across splits is a leak. */
  readonly duplicates: { readonly groups: number; readonly acrossSplits: number };
}
export interface ColumnPreview {
  readonly name: string;
  readonly distinct: number; // capped at 10,001
  readonly missing: number;
  readonly samples: readonly string[]; // up to 5 distinct values
  readonly numeric: boolean;
}
export interface Inspection {
  readonly kind: 'images' | 'table';
  /** Names what the worker holds. */
  readonly token: string;
  readonly tableName: string;
  readonly rows: number;
  readonly images: number;
  readonly columns: readonly ColumnPreview[];
  /** Files that are of no use here (.DS_Store), listed. */
  readonly ignored: readonly string[];
  readonly suggestion: Mapping;
}
/** Which column plays which part. `split: null` draws a seeded 70/30 split. */
export type Mapping =
  | {
      readonly kind: 'images';
      readonly image: string;
      readonly label: string;
      readonly split: string | null;
      readonly attributes: readonly string[];
      /** Side in pixels the models see: 16 ... 64. */
      readonly size: number;
    }
  | {
      readonly kind: 'table';
      readonly label: string;
      readonly split: string | null;
      readonly attributes: readonly string[];
      readonly inputs: readonly string[];
    };
