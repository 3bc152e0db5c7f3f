"""Times `implicit` and scipy on one thread: `peer.py cosine|rp3beta FOLDER K`. The last line it prints is JSON.

FOLDER holds `train.txt` and `test.txt`, lines of `user item item ...`. A user's training items are masked; recall is
hits among the best 20 over the user's test items, the mean over users with a test item.
"""
import json
import sys
import time

import numpy
import scipy.sparse as sparse

RESULTS = 20
ALPHA, BETA = 0.8, 0.4
BLOCK = 2_000
# scipy alone multiplies a row in milliseconds: only every tenth user is asked, and the time is not told.
EVERY = {"cosine": 1, "rp3beta": 10}


def read(path):
    users, items = [], []
    with open(path) as lines:
        for line in lines:
            user, *bought = [int(word) for word in line.split()]
            users += [user] * len(bought)
            items += bought
    return numpy.array(users), numpy.array(items)


def cosine(matrix, k):
    from implicit.nearest_neighbours import CosineRecommender

    model = CosineRecommender(K=k, num_threads=1)
    started = time.process_time()
    model.fit(matrix, show_progress=False)
    took = time.process_time() - started
    return took, lambda user: model.recommend(user, matrix[user], N=RESULTS)[0]


def rp3beta(matrix, k):
    """A walk item, user, item, each step to the power of alpha, by the target's count to the power of beta."""
    started = time.process_time()
    counts = numpy.maximum(numpy.asarray(matrix.sum(axis=0)).ravel(), 1)
    of_user = numpy.maximum(numpy.asarray(matrix.sum(axis=1)).ravel(), 1)
    to_user = (sparse.diags(1 / counts) @ matrix.T).tocsr().power(ALPHA)
    to_item = (sparse.diags(1 / of_user) @ matrix).tocsr().power(ALPHA)
    to_item = (to_item @ sparse.diags(counts**-BETA)).tocsr()
    blocks = []
    for start in range(0, matrix.shape[1], BLOCK):
        block = (to_user[start : start + BLOCK] @ to_item).tocsr()
        for row in range(block.shape[0]):
            begin, end = block.indptr[row], block.indptr[row + 1]
            values, columns = block.data[begin:end], block.indices[begin:end]
            values[columns == start + row] = 0
            if end - begin > k:
                values[numpy.argpartition(values, -k)[:-k]] = 0
            total = values.sum()
            if total > 0:
                values /= total
        block.eliminate_zeros()
        blocks.append(block)
    similar = sparse.vstack(blocks).tocsr()
    took = time.process_time() - started

    def recommend(user):
        scores = (matrix[user] @ similar).toarray().ravel()
        scores[matrix[user].indices] = -1
        best = numpy.argpartition(scores, -RESULTS)[-RESULTS:]
        return best[numpy.argsort(-scores[best])]

    return took, recommend


def main():
    model, folder, k = sys.argv[1], sys.argv[2], int(sys.argv[3])
    train, test = read(f"{folder}/train.txt"), read(f"{folder}/test.txt")
    shape = tuple(int(max(train[at].max(), test[at].max())) + 1 for at in (0, 1))
    matrix = sparse.csr_matrix((numpy.ones(len(train[0]), numpy.float32), train), shape=shape)
    matrix.data[:] = 1
    took, recommend = {"cosine": cosine, "rp3beta": rp3beta}[model](matrix, k)
    truth = {}
    for user, item in zip(*test):
        truth.setdefault(int(user), set()).add(int(item))
    took_us, recalls = [], []
    for user, items in list(truth.items())[:: EVERY[model]]:
        started = time.perf_counter()
        ranked = recommend(user)
        took_us.append((time.perf_counter() - started) * 1e6)
        recalls.append(len(items.intersection(ranked.tolist())) / len(items))
    p50, p99 = numpy.percentile(took_us, [50, 99])
    figures = {"build_cpu_s": took, "recall@20": numpy.mean(recalls)}
    if model == "cosine":
        figures |= {"query_us_p50": p50, "query_us_p99": p99}
    print(json.dumps({name: float(value) for name, value in figures.items()}))


main()
