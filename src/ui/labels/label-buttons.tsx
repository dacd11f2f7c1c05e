import { DEFAULT_TAXONOMY } from '#audit/review-labels.ts';
import '#ui/gallery/gallery.css'; // the look of the labels there

interface LabelButtonsProps {
  readonly given: readonly string[];
  readonly onLabel: (label: string) => void;
}

/** The labels with their keys; pressed where they are given. */
export function LabelButtons({ given, onLabel }: LabelButtonsProps) {
  return (
    <div className="labels" role="group" aria-label="Labels">
      {DEFAULT_TAXONOMY.map(({ id, name, key }) => (
        <button
          key={id}
          type="button"
          className="lbl"
          aria-pressed={given.includes(id)}
          aria-keyshortcuts={key}
          onClick={() => onLabel(id)}
        >
          <kbd>{key}</kbd>
          {name}
        </button>
      ))}
    </div>
  );
}
