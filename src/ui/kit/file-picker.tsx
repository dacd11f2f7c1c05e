import type { ReactNode } from 'react';

interface FilePickerProps {
  /** The visible words, also the name of the control. */
  readonly children: ReactNode;
  readonly onFiles: (files: readonly File[]) => void;
  readonly multiple?: boolean;
  /** A whole folder instead of files. */
  readonly folder?: boolean;
  readonly accept?: string;
  /** `link`: an action inside text. */
  readonly look?: 'button' | 'primary' | 'link';
}

const CLASSES = { button: 'btn file', primary: 'btn primary file', link: 'lnk file' } as const;

/** A file input in the look of a button. The input itself stays reachable by key and by its label. */
export function FilePicker({
  children,
  onFiles,
  multiple = false,
  folder = false,
  accept,
  look = 'button',
}: FilePickerProps) {
  return (
    <label className={CLASSES[look]}>
      {children}
      <input
        type="file"
        className="vh"
        multiple={multiple}
        {...(accept === undefined ? {} : { accept })}
        {...(folder ? { webkitdirectory: '' } : {})}
        onChange={(event) => {
          const files = Array.from(event.currentTarget.files ?? []);
          // The same file chosen again must be a change again.
          event.currentTarget.value = '';
          if (files.length > 0) onFiles(files);
        }}
      />
    </label>
  );
}
