/** Single pieces are ten times the size of their text, and every open stream holds some; joined ones are little more than it. */
const mostPieces = 128

/** Text that arrives in pieces. */
export class Pieces {
  #text = ''
  #pieces: string[] = []

  push(piece: string): void {
    // Many a text has one piece only.
    if (this.#text === '') this.#text = piece
    else if (this.#pieces.push(piece) >= mostPieces) this.#join()
  }

  get text(): string {
    if (this.#pieces.length > 0) this.#join()
    return this.#text
  }

  #join(): void {
    this.#text += this.#pieces.join('')
    this.#pieces = []
  }
}
