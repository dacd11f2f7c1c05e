import type { SourceMessage } from '#sources/protocol.ts';
import { createCanvasDecoder } from './canvas.ts';
import { createSourceHandlers } from './handlers.ts';
import { createPictures } from './pictures.ts';

const handlers = createSourceHandlers(
  { decoder: createCanvasDecoder, pictures: createPictures(), fetchFile: (url) => fetch(url) },
  (answer, transfer) => {
    postMessage(answer, transfer);
  },
);
addEventListener('message', (event: MessageEvent<SourceMessage>) => {
  handlers.receive(event.data);
});
