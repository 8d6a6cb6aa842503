"""What word and letter n-grams alone reach in the same folds: how hard a set is to code.

The coder's figures stand beside these. A set that is hard for both is hard; where the coder is no
better than n-grams, its rules and signals are of no use there.
"""

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from alliance_sim.coding.fit.figures import score
from alliance_sim.coding.fit.training import FOLDS, Array, Data

STRENGTH = 3.0
"""Inverse of the regularisation."""
ROUNDS = 300
WORDS = {"ngram_range": (1, 2), "min_df": 2}
LETTERS = {"analyzer": "char_wb", "ngram_range": (2, 5), "min_df": 3}


def ngrams(known: Data, texts: list[str]) -> tuple[float, tuple[float, ...]]:
    """Macro-F1 and the F1 of each class (of a yes-or-no decision the F1 of yes), held out.

    `texts`: of all examples. Fitted on the measured set alone, as it was written; nothing is tuned.
    """
    places = np.flatnonzero(known.measured)
    said = np.zeros(len(places), dtype=int)
    for fold in range(FOLDS):
        rest = known.folds[places] == fold
        if rest.any():
            said[rest] = _said(known, texts, places[~rest], places[rest])
    return score(known.truth[places], said, len(known.spec.classes))


def _said(known: Data, texts: list[str], seen: Array, unseen: Array) -> Array:
    """Class numbers for `unseen`, by a model of those `seen` (places within the data)."""
    learned = [texts[row] for row in known.rows[seen]]
    asked = [texts[row] for row in known.rows[unseen]]
    kinds = [TfidfVectorizer(sublinear_tf=True, **options) for options in (WORDS, LETTERS)]
    x = sparse.hstack([kind.fit_transform(learned) for kind in kinds]).tocsr()
    solver = "lbfgs" if len(known.spec.classes) > 1 else "liblinear"
    model = LogisticRegression(
        C=STRENGTH, class_weight="balanced", max_iter=ROUNDS, solver=solver
    ).fit(x, known.truth[seen])
    return np.asarray(model.predict(sparse.hstack([kind.transform(asked) for kind in kinds])))
