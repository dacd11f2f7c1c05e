import { rowOf } from '#dataset/describe.ts';
import { usePicture } from '#store/pictures.ts';
import { ExampleImage } from '#ui/kit/example-image.tsx';
import type { ReviewRoom } from './room.ts';

interface ExampleProps {
  readonly room: ReviewRoom;
  readonly id: string;
  /** Side of the picture, CSS pixels. */
  readonly size: number;
}

/** An example as a reviewer may see it without bias: picture or values and true label; no votes, no scores, no attributes. */
export function BareExample({ room, id, size }: ExampleProps) {
  const { dataset, evidence, examples, names, places } = room;
  const place = places.get(id) ?? -1;
  const index = evidence.datasetIndices[place] ?? -1;
  const picture = usePicture(index, size);
  if (index < 0) return <p className="small">This example is not in the audit any more.</p>;
  const hidden = new Set(examples.attributes.map(({ name }) => name));
  return (
    <div className="bare-example">
      {dataset.features.kind === 'images' ? (
        // The picture's own text would name the attributes.
        <span role="img" aria-label={`Picture of the ${dataset.noun[0]} in hand`}>
          <ExampleImage dataset={dataset} index={index} size={size} larger={picture} className="face" />
        </span>
      ) : (
        <dl className="facts">
          {rowOf(dataset, index)
            .filter(({ name }) => !hidden.has(name))
            .map(({ name, value }) => (
              <div className="fact" key={name}>
                <dt>{name}</dt>
                <dd>{value === '' ? 'missing' : value}</dd>
              </div>
            ))}
        </dl>
      )}
      <p>
        True label in the data: <b>{names[examples.labels[place] ?? 0]}</b>
      </p>
    </div>
  );
}
