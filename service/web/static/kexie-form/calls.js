// Calls of the form's methods: each a message with a number, and a promise until the result with that number comes.

export class Calls {
  #send;
  #waiting = new Map();

  /** `send(message)` sends one to the form. */
  constructor(send) {
    this.#send = send;
  }

  /** Calls a method; rejects with an Error that has `reason` and `errors`. */
  call(method, given) {
    return new Promise((resolve, reject) => {
      const [call] = crypto.getRandomValues(new Uint32Array(1));
      this.#waiting.set(call, { resolve, reject });
      this.#send({ type: "call", call, method, given });
    });
  }

  /** Takes the result of a call. */
  take({ call, value, error }) {
    const waiting = this.#waiting.get(call);
    this.#waiting.delete(call);
    if (error) waiting?.reject(failure(error));
    else waiting?.resolve(value);
  }

  /** Ends all calls: the form is gone. */
  close() {
    for (const { reject } of this.#waiting.values()) reject(failure({ reason: "closed", message: "The form was closed.", errors: [] }));
    this.#waiting.clear();
  }
}

const failure = ({ message, reason, errors }) => Object.assign(new Error(message), { reason, errors });
