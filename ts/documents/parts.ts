import type { MappedDocuments } from '../addon.js';
import type { Connection } from '../postgres/index.js';
import type { RunContext, Wanted } from './batch.js';
import type { Scratch } from './scratch.js';
import { cancelled } from './session.js';

/** Memory that the rows of a part take, and hardly more; a batch usually has far less and is one part. */
const ROWS_BYTES = 16 << 20;

/** Documents of a batch with their rows; `mapped` counts them from 0. */
export interface Part {
  documents: Wanted[];
  mapped: MappedDocuments;
}

/**
 * Brings the documents of a batch here and maps them in pieces, and joins these until their rows take much. A part is freed when the next one is asked
 * for.
 */
export async function* mappedParts(context: RunContext, connection: Connection, wanted: readonly Wanted[]): AsyncGenerator<Part> {
  let part: Part | null = null;
  try {
    for (const piece of inPieces(wanted, context.options.batchBytes)) {
      if (context.signal.aborted) throw cancelled();
      const mapped: MappedDocuments = await mapPiece(context, connection, piece, part?.documents.length ?? 0);
      if (part) {
        part.mapped.append(mapped);
        part.documents.push(...piece);
      } else part = { documents: piece, mapped };
      if (part.mapped.bytes() < ROWS_BYTES) continue;
      yield part;
      part.mapped.free();
      part = null;
    }
    if (part) yield part;
  } finally {
    part?.mapped.free();
  }
}

/** Pieces of at most so many bytes; a document that is larger is a piece of its own. */
function inPieces(wanted: readonly Wanted[], most: number): Wanted[][] {
  const pieces: Wanted[][] = [];
  let bytes = 0;
  for (const document of wanted) {
    const last = pieces.at(-1);
    if (last && bytes + (document.bytes ?? 0) <= most) last.push(document);
    else {
      pieces.push([document]);
      bytes = 0;
    }
    bytes += document.bytes ?? 0;
  }
  return pieces;
}

/** Only so many pieces are between the database and the mapper at a time: their bytes are most of what a run holds. */
function mapPiece(context: RunContext, connection: Connection, piece: readonly Wanted[], first: number): Promise<MappedDocuments> {
  const { tally, source, gates, scratches, mapper } = context;
  const work = async (scratch: Scratch): Promise<MappedDocuments> => {
    const { documents, bytes } = await tally.timed('fetch', () => source.fetch(connection, piece, scratch));
    return gates.map.through(() => tally.timed('map', () => mapper.map(documents, bytes, first)));
  };
  return gates.near.through(() => scratches.documents.lend(work));
}
