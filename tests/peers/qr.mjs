// A phone's camera: { svg } in, what its QR code says out; null when there is none to be read.
import { readFile } from 'node:fs/promises';
import { Resvg, initWasm } from '@resvg/resvg-wasm';
import jsqr from 'jsqr';
import { answer, question } from './wire.mjs';

await initWasm(readFile(new URL('node_modules/@resvg/resvg-wasm/index_bg.wasm', import.meta.url)));
const { svg } = await question();
const picture = new Resvg(svg, { fitTo: { mode: 'width', value: 600 } }).render();
answer(jsqr(new Uint8ClampedArray(picture.pixels), picture.width, picture.height)?.data ?? null);
