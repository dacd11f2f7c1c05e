import type { ImageGroups } from '#audit/image-groups.ts';
import type { Neighbours } from '#audit/neighbours.ts';
import type { GroupsQuestion, Likeness } from '#engine/protocol/likeness.ts';
import { services } from './services.ts';

/** The embeddings of the audit that was asked about last; null where none are kept of it. */
let open: { readonly of: string; readonly likeness: Promise<Likeness | null> } | null = null;

/** Read and handed to a worker at the first question about an audit; those of the audit before are closed. */
function likenessOf(auditId: string): Promise<Likeness | null> {
  if (open?.of === auditId) return open.likeness;
  void open?.likeness.then(
    (likeness) => likeness?.close(),
    () => undefined,
  );
  const likeness = read(auditId);
  open = { of: auditId, likeness };
  likeness.then(
    (found) => {
      // A member that is still in training may bring them.
      if (found === null) forget(auditId);
    },
    () => {
      forget(auditId);
    },
  );
  return likeness;
}

function forget(auditId: string): void {
  if (open?.of === auditId) open = null;
}

async function read(auditId: string): Promise<Likeness | null> {
  const embeddings = await (await services().repository).embeddings(auditId);
  return embeddings && services().likeness.open(embeddings);
}

/** null where no embeddings are kept of the audit. A worker that died is not asked again. */
async function asked<T>(auditId: string, ask: (likeness: Likeness) => Promise<T>): Promise<T | null> {
  const likeness = await likenessOf(auditId);
  if (likeness === null) return null;
  try {
    return await ask(likeness);
  } catch (error) {
    forget(auditId);
    throw error;
  }
}

/** The audit examples nearest to one of them; null where no embeddings are kept of the audit. */
export const neighboursOf = (auditId: string, example: number, count: number): Promise<Neighbours | null> =>
  asked(auditId, (likeness) => likeness.neighbours(example, count));

/** The CIE of a level in groups, null where there are too few CIE; null instead of all that where no embeddings are kept. */
export const imageGroupsOf = (
  auditId: string,
  question: GroupsQuestion,
): Promise<{ readonly found: ImageGroups | null } | null> =>
  asked(auditId, async (likeness) => ({ found: await likeness.groups(question) }));
