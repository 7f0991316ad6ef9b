/** @param onBytes called when the head has come, and after each piece of the body */
export async function* telling(body: AsyncIterable<Uint8Array>, onBytes: () => void): AsyncGenerator<Uint8Array> {
  onBytes();
  for await (const chunk of body) {
    yield chunk;
    onBytes();
  }
}
